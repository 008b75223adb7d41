// SPDX-License-Identifier: AGPL-3.0-or-later
// What one owes, done from a letter without signing in; and the call that is asked for there, noted by who makes it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { checkPage, enter, openHouse, screens, skip, visit } from "./house.mjs";
import { openSmtp } from "./smtp.mjs";

let letters, house, smtp, link; // of those tests that leave the link open
/** A house that writes to a post office of its own, and the link of its first letter that asks for an answer. */
async function openLetters() {
    const smtp = await openSmtp();
    const house = await openHouse(["--mail", smtp.url, "--mail-from", "grappe@example.org"]);
    const link = await linkIn(() => smtp.letters); // who is asked to accept an agreement two days ago is written to at any hour
    return { smtp, house, link, close: async () => { await house.close(); smtp.close(); } };
}
before(async () => {
    if (skip) return;
    letters = await openLetters();
    ({ smtp, house, link } = letters);
});
/** The link to answer by in the first of the letters that has one. */
async function linkIn(letters) {
    for (let i = 0; i < 600; i++) {
        const found = letters().map((l) => /http:\/\/\S+\/reponse\/[0-9a-f]{64}/.exec(l.text)?.[0]).find((l) => l);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail(`no link in ${letters().length} letters`);
}
after(async () => letters?.close());

for (const [name, options] of Object.entries(screens))
    test(`a letter's page asks before it does: ${name}`, { skip }, async () => {
        const page = await visit(house, options);
        await page.goto(link);
        assert.match(await page.textContent("main"), /Votre réponse[\s\S]*Vous répondez en tant que/);
        assert.equal(await page.getByRole("button", { name: "Appelez-moi d’abord" }).count(), 1);
        await page.click('summary:has-text("Non, pas cette fois")');
        assert.ok(await page.locator('details[open] select[name="reason"]').isVisible());
        if (options.javaScriptEnabled !== false) await checkPage(page, `the page of a letter, ${name}`);
        await page.context().close();
    });

for (const [name, options] of [["phone", screens.phone], ["no JavaScript", screens["no JavaScript"]]])
    test(`a call is asked for from a letter, and noted by who makes it: ${name}`, { skip }, async (t) => {
        const { house, link, close } = await openLetters(); // a link is used up
        t.after(close);
        const [reader, host] = await Promise.all([visit(house, options), visit(house, options)]);
        await reader.goto(link);
        await reader.locator("form", { has: reader.locator('input[value="ask_call"]') }).locator('input[name="words"]').fill("Demain matin.");
        await reader.getByRole("button", { name: "Appelez-moi d’abord" }).click();
        await reader.waitForLoadState();
        assert.match(await reader.textContent("main"), /C’est noté/);
        if (options.javaScriptEnabled !== false) await checkPage(reader, "it is noted");
        assert.equal((await reader.goto(link)).status(), 410);
        if (options.javaScriptEnabled !== false) await checkPage(reader, "a link that was used");

        await enter(house, host, "Claire");
        const asked = host.locator(".todo").filter({ hasText: "Appelez qui demande à être appelé" });
        assert.equal(await asked.count(), 1);
        await asked.locator("a.button").click();
        await host.waitForURL(/\/mises-en-relation\/\d+\?appel=1/);
        assert.match(await host.textContent("main"), /Appelez-moi d’abord[\s\S]*Demain matin\./);
        if (options.javaScriptEnabled !== false) await checkPage(host, "the call to be made");
        await host.fill("#call-said", "Rappelé : ils relisent l’accord.");
        await host.getByRole("button", { name: "Noter l’appel" }).click();
        await host.waitForLoadState();
        assert.match(await host.textContent("main"), /ils relisent l’accord/);
        await host.goto(`${house.url}/aujourdhui`);
        assert.equal(await asked.count(), 0, "it was made");
        for (const page of [reader, host]) await page.context().close();
    });

test("an answer by mail stands ready, and is done by its button", { skip }, async () => {
    const letter = smtp.letters.find((l) => l.text.includes(link));
    const answers = (text, number) => `Authentication-Results: mx.example; dmarc=pass header.from=demo.example\nFrom: ${letter.to}\nSubject: Re\nMessage-ID: <${number}@her.example>\n`
        + `In-Reply-To: ${/Message-ID: (<.*>)/i.exec(letter.text)[1]}\nContent-Type: text/plain; charset=utf-8\n\n${text}\n`;
    const receive = (text, number) => execFileSync(process.env.GRAPPE ?? "build-run/grappe", ["mail", "receive", house.data, "--space", "federation", "--vouched-by", "mx.example"], { input: answers(text, number) });
    const count = smtp.letters.length;
    receive("Non, pas avant mars.", 1);
    const written = await linkIn(() => smtp.letters.slice(count).filter((l) => l.to === letter.to));
    const confirming = new URL(new URL(written).pathname, link).href; // the command does not know where the server listens
    for (const [name, options] of Object.entries(screens)) {
        const page = await visit(house, options);
        await page.goto(link);
        assert.doesNotMatch(await page.textContent("main"), /par courriel|mars/, "an older letter may be in other hands");
        await page.goto(confirming);
        assert.match(await page.textContent("main"), /Vous avez répondu par courriel[\s\S]*Rien n’est fait avant/);
        assert.equal(await page.locator("main form").first().locator('textarea[name="words"]').inputValue(), "Non, pas avant mars.");
        assert.ok(await page.locator("main form").first().getByRole("button", { name: "Non, pas cette fois" }).isVisible());
        if (options.javaScriptEnabled !== false) await checkPage(page, `an answer that stands ready, ${name}`);
        await page.context().close();
    }
    receive("Appelez-moi", 2); // in the place of the first
    const reader = await visit(house, screens.phone);
    await enter(house, reader, "Hélène");
    const said = reader.locator(".todo").filter({ hasText: "Vous avez répondu par courriel" });
    assert.match(await said.textContent(), /Appelez-moi/);
    await checkPage(reader, "the day of who answered by mail");
    await said.getByRole("button", { name: "Appelez-moi d’abord" }).click();
    await reader.waitForURL("**/aujourdhui");
    assert.equal(await said.count(), 0, "it was said");
    await reader.context().close();
});
