// SPDX-License-Identifier: AGPL-3.0-or-later
// An account from its invitation to its end: invited, in, a second step, a link by mail, another device, sessions ended.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { checkPage, enter, openHouse, screens, skip, visit } from "./house.mjs";

let house;
before(async () => {
    if (!skip) house = await openHouse();
});
after(async () => {
    await house?.close();
});

/** What a telephone shows for a secret in base32 (RFC 6238), `steps` half minutes from now. */
function codeOf(secret, steps = 0) {
    const bits = [...secret.replace(/\s/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
    const mac = createHmac("sha1", key).update(counter).digest(), at = mac[19] & 15;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

const opened = new Set();

/** The link of the last letter, printed for want of mail, a moment after the page. */
async function lastLink(kind) {
    for (let i = 0; i < 100; i++) {
        const found = house.printed.findLast((line) => line.includes(`/${kind}/`))?.trim();
        if (found && !opened.has(found)) {
            opened.add(found);
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no letter with /${kind}/`);
}

for (const [name, options] of [["desktop", screens.desktop], ["phone", screens.phone], ["dark phone", screens["dark phone"]], ["no JavaScript", screens["no JavaScript"]]])
    test(`an account from its invitation to its end: ${name}`, { skip }, async () => {
        const check = async (page, what) => options.javaScriptEnabled === false || checkPage(page, `${what}, ${name}`);
        const email = `lea-${name.replace(/\W/g, "")}@example.org`, password = "un mot de passe à elle";
        const host = await visit(house, options);
        await enter(house, host, "nimat");
        await host.goto(`${house.url}/invitations`);
        await check(host, "invitations");
        await host.fill("#email", email);
        await host.selectOption("#role", "member");
        await host.selectOption("#structure", { index: 1 });
        await host.click('main form[action="/invitations"] button');
        const invitation = await host.inputValue("#fresh");
        await check(host, "an invitation made");

        const guest = await visit(house, options);
        await guest.goto(invitation);
        await check(guest, "an invitation");
        await guest.fill("#name", "Léa Exemple");
        await guest.fill("#password", password);
        await guest.click('main form[action^="/invitation/"] button');
        await guest.waitForURL("**/aujourdhui");
        await guest.goto(`${house.url}/compte`);
        assert.match(await guest.textContent("main"), /par invitation/);
        await check(guest, "an account");

        await guest.click('main a[href="/compte/deux-etapes"]');
        await guest.waitForURL("**/compte/deux-etapes");
        await check(guest, "the second step, not begun");
        await guest.click('form[action="/compte/deux-etapes/commencer"] button');
        await guest.waitForSelector(".secret", { state: "attached" });
        await check(guest, "the second step");
        const secret = await guest.textContent(".secret");
        await guest.fill("#code", codeOf(secret, -1));
        await guest.click('main form[action="/compte/deux-etapes"] button');
        const recovery = await guest.$$eval(".codes code", (all) => all.map((c) => c.textContent));
        assert.equal(recovery.length, 10);
        await check(guest, "recovery codes");

        const again = await visit(house, options);
        await again.goto(`${house.url}/connexion`);
        await again.fill("#email", email);
        await again.fill("#password", password);
        await again.click('main form[action="/connexion"] button:not([formaction])');
        await again.waitForURL("**/connexion/code");
        await check(again, "the code asked for");
        await again.fill("#code", codeOf(secret));
        await again.click('main form[action="/connexion/code"] button');
        await again.waitForURL("**/aujourdhui");

        const elsewhere = await visit(house, options);
        await elsewhere.goto(`${house.url}/connexion`);
        await elsewhere.fill("#email", email);
        await elsewhere.click('button[formaction="/connexion/lien"]');
        await elsewhere.waitForURL("**/connexion/lien");
        await check(elsewhere, "a link on its way");
        const link = await lastLink("lien");
        await elsewhere.goto(link);
        await check(elsewhere, "what a link does");
        await elsewhere.click('main form[action^="/lien/"] button');
        await elsewhere.waitForURL("**/connexion/code");
        await elsewhere.fill("#code", recovery[0]);
        await elsewhere.click('main form[action="/connexion/code"] button');
        await elsewhere.waitForURL("**/aujourdhui");
        assert.equal((await elsewhere.goto(link)).status(), 410, "a link opens once");

        await elsewhere.goto(`${house.url}/compte`);
        assert.equal(await elsewhere.locator("#sessions .lines li").count(), 3);
        await elsewhere.click('form[action="/compte/sessions/terminer"] button');
        assert.equal(await elsewhere.locator("#sessions .lines li").count(), 1);
        await check(elsewhere, "one session left");
        await again.goto(`${house.url}/compte`);
        assert.match(again.url(), /connexion/, "the other devices are signed out");
        for (const page of [host, guest, again, elsewhere]) await page.context().close();
    });
