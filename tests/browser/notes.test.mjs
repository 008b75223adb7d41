// SPDX-License-Identifier: AGPL-3.0-or-later
// A note, a document in two versions and a followed need, as their people meet them.
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

const file = (text) => ({ name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from(text) });

async function fetched(page, link) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(link)]);
    const parts = [];
    for await (const part of await download.createReadStream()) parts.push(part);
    return Buffer.concat(parts).toString();
}

for (const name of ["desktop", "dark phone", "no JavaScript"])
    test(`notes and documents: ${name}`, { skip }, async () => {
        const page = await visit(house, screens[name]);
        await enter(house, page, "Dastrevigne");
        await page.goto(`${house.url}/besoins`);
        await page.click('main a:has-text("Cadrans soleil")');
        await page.waitForSelector("#notes");
        const need = page.url();
        await page.click('#notes summary:has-text("Écrire une note")');
        await page.fill("#note-text", `Rappeler en mars, ${name}`);
        await look(page, name, "need");
        await page.click('#notes button:has-text("Ajouter la note")');
        await page.waitForSelector(`#notes:has-text("Rappeler en mars, ${name}")`);

        await page.click("#documents a.button");
        await page.fill("#title", `Plan ${name}`);
        await page.setInputFiles("#file", { ...file("<html>"), name: "plan.html" });
        await page.click('main button:has-text("Ajouter")');
        assert.match(await page.textContent("main"), /ne sont pas acceptés/);
        await look(page, name, "document refused");
        await page.setInputFiles("#file", file("cote 41"));
        await page.click('main button:has-text("Ajouter")');
        await page.waitForSelector(`#documents:has-text("Plan ${name}")`);
        assert.equal(page.url(), need);
        await page.click(`#documents a:has-text("Plan ${name}")`);
        await page.click('#documents a.button:has-text("Nouvelle version")');
        await page.setInputFiles("#file", file("cote 42"));
        await page.click('main button:has-text("Ajouter")');
        await page.waitForSelector('#documents:has-text("version 2")');
        await look(page, name, "document");
        assert.equal(await fetched(page, "#documents li:nth-child(1) a[download]"), "cote 42");
        assert.equal(await fetched(page, "#documents li:nth-child(2) a[download]"), "cote 41");

        await page.goto(need);
        await page.click('#notes li:has-text("L’indice B") button:has-text("Retirer de la fiche")');
        await page.waitForSelector(".flash");
        assert.ok(!(await page.isVisible("#notes >> text=L’indice B")));
        await look(page, name, "taken off");
        await page.click('.flash button:has-text("Annuler")');
        await page.waitForSelector("#notes >> text=L’indice B");
        await page.goto(`${house.url}/notes-et-documents`);
        assert.match(await page.textContent("main"), new RegExp(`Plan ${name}`));
        await look(page, name, "ours");
        await page.fill("#q", `plan ${name}`);
        await page.click('main button:has-text("Chercher")');
        await page.waitForSelector(`h1:has-text("Notes et documents") >> visible=true`);
        assert.match(await page.textContent("main"), new RegExp(`Plan ${name}`));
        await look(page, name, "found");
        await page.goto(need);
        await page.click('#notes button:has-text("Suivre")');
        await page.goto(`${house.url}/suivis`);
        await look(page, name, "followed");
        await page.click('tr:has-text("Cadrans soleil") button');
        await page.goto(`${house.url}/suivis`);
        assert.ok(!(await page.textContent("main")).includes("Cadrans soleil"));
        await page.context().close();
    });
