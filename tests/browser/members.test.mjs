// SPDX-License-Identifier: AGPL-3.0-or-later
// Members on a day, what a profile lacks, and a mandate handed over, as a facilitator meets them.
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

const count = async (page) => Number((await page.textContent(".lede")).match(/^\s*(\d+) adhérent/)[1]);

for (const [name, firm] of [["desktop", "Brenelle Décolletage"], ["dark phone", "Parages Montres"], ["no JavaScript", "Polissage Combrais"]])
    test(`members and a succession: ${name}`, { skip }, async () => {
        const page = await visit(house, screens[name]);
        await enter(house, page, "nimat");
        await page.goto(`${house.url}/adherents`);
        const now = await count(page);
        await look(page, name, "members");
        await page.fill("#le", "2012-06-30");
        await page.click('main form[action="/adherents"] button');
        await page.waitForURL("**/adherents?le=2012-06-30");
        assert.ok(await count(page) < now, "fewer then");

        await openFirm(page, firm);
        await look(page, name, "firm");
        const before = await page.textContent(".people");
        await page.click('.people a:has-text("Succession")');
        await look(page, name, "succession");
        await page.click('main form[action$="/succession"] button');
        assert.match(await page.textContent("main"), /Personne\s: à renseigner/u);
        const other = await page.$$eval("select[name=person] option", (all) => all.map((o) => o.textContent).find((text) => /Lucie/.test(text)));
        await page.selectOption("select[name=person]", { label: other });
        await page.click('main form[action$="/succession"] button');
        await page.waitForSelector(".people");
        const after = await page.textContent(".people");
        assert.ok(after.includes(other) && after !== before, `${other} acts for it from today on: ${after}`);
        await page.context().close();
    });
