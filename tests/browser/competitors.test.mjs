// SPDX-License-Identifier: AGPL-3.0-or-later
// A firm declares a competitor that was suggested to it and says what is free; the facilitator is warned, and asks all the same.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkPage, enter, openHouse, screens, skip, visit } from "./house.mjs";

let house;
before(async () => { if (!skip) house = await openHouse(); });
after(async () => house?.close());

async function look(page, name, what) {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name} ${what}.png`.replaceAll(" ", "-"), fullPage: true });
    if (!name.includes("no JavaScript")) await checkPage(page, `${what}, ${name}`);
}

async function openFirm(page, name) {
    await page.goto(`${house.url}/annuaire?q=${encodeURIComponent(name)}`);
    await page.click(`main a:has-text("${name}")`);
    await page.waitForSelector(`h1:has-text("${name}")`);
}

for (const name of ["dark phone", "no JavaScript"]) // two are suggested
    test(`a suggestion becomes a declaration, and machines are free: ${name}`, { skip }, async () => {
        const page = await visit(house, screens[name]);
        await enter(house, page, "Marc Brenelle");
        await openFirm(page, "Brenelle Décolletage");
        await page.click("#competitors summary");
        const hinted = page.locator("#competitors details a").first(), other = await hinted.textContent();
        await page.evaluate(() => scrollTo(0, 0)); // the bar above covers no link
        await look(page, name, "firm with competitors");
        await hinted.click();
        await look(page, name, "declaration");
        await page.click("main form.form button.button:not(.button-quiet)");
        await openFirm(page, "Brenelle Décolletage");
        assert.ok((await page.textContent("#competitors > ul")).includes(other), `${other} is declared`);

        await page.click('main a[href^="/fiches/availability/nouvelle"]');
        await page.fill("[name=title]", `Bancs libres ${name}`);
        await page.selectOption("[name=band]", "week");
        await page.fill("[name=since]", "2099-01-15");
        await page.fill("[name=valid]", "2099-01-20");
        await look(page, name, "free capacity");
        await page.click("main form.form button.button:not(.button-quiet)");
        await openFirm(page, "Brenelle Décolletage");
        assert.match(await page.textContent("main"), /Une semaine ou plus en janvier 2099/);
        await page.context().close();
    });

test("who brings competitors together says so", { skip }, async () => {
    const page = await visit(house, screens.phone);
    await enter(house, page, "nimat");
    await page.goto(`${house.url}/besoins`);
    await page.click('a:has-text("Deux jours par semaine")');
    const match = page.locator("li.match", { hasText: "Boîtes de la Combe-Verte" });
    assert.match(await match.textContent(), /Le demandeur la compte parmi ses concurrents/);
    assert.match(await match.textContent(), /Capacité libre, Fraisage 5 axes de carrures/);
    await look(page, "phone", "match that competes");
    await match.locator('a:has-text("Proposer")').click();
    await look(page, "phone", "proposal to a competitor");
    const send = 'button:has-text("Proposer la mise en relation")';
    await page.$eval("[name=malgre]", (box) => box.removeAttribute("required"));
    await page.click(send);
    assert.match(await page.textContent("#errors"), /confirmez/);
    await page.check("[name=malgre]");
    await page.click(send);
    await page.waitForURL("**/mises-en-relation/*");
    assert.doesNotMatch(await page.textContent("main"), /concurren/);
    await page.context().close();
});
