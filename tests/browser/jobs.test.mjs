// SPDX-License-Identifier: AGPL-3.0-or-later
// A long import as people see it: it moves on without a reload, leads on when it is done, and can be cancelled.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { checkPage, enter, openHouse, screens, skip, visit } from "./house.mjs";

const rows = Number(process.env.ROWS ?? 30000);
let house;
beforeEach(async () => { if (!skip) house = await openHouse(); });
afterEach(async () => house?.close()); // one each: together they would hold more firms than a space takes

const firms = (mark, length) => ["Nom;Commune;Activité", ...Array.from({ length }, (_, i) => `Essai ${mark} ${i};Morteau;Tournage de pièces`)].join("\n");

/** Up to the page of the job that previews the file. */
async function askPreview(page, mark, length = rows) {
    await enter(house, page, "nimat");
    await page.goto(`${house.url}/imports/nouveau`);
    await page.setInputFiles("#file", { name: "longue liste.csv", mimeType: "text/csv", buffer: Buffer.from(firms(mark, length)) });
    await page.click("main form button.button");
    await page.click('main form[action$="/apercu"] button.button');
    await page.waitForURL("**/travaux/*");
}

/** Whether the gauge of a job is met before its page leads on. */
function seenMoving(page, next) {
    return Promise.race([
        page.waitForSelector("#job progress", { timeout: 120000 }).then(() => true, () => false),
        page.waitForURL(next, { timeout: 120000 }).then(() => false, () => false),
    ]);
}

async function look(page, name, what) {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name} ${what}.png`.replaceAll(" ", "-"), fullPage: true });
    if (!name.includes("no JavaScript")) await checkPage(page, `${what}, ${name}`);
}

for (const name of ["desktop", "dark phone", "no JavaScript"])
    test(`a long import is watched to its end: ${name}`, { skip }, async () => {
        const page = await visit(house, screens[name]);
        await askPreview(page, name, name === "no JavaScript" ? rows : 3 * rows); // long enough to be seen moving
        const seen = await seenMoving(page, "**/imports/*/apercu");
        assert.ok(seen || name === "no JavaScript", "the job is seen under way"); // there it may end between two looks
        if (seen) await look(page, name, "job under way");
        await page.waitForURL("**/imports/*/apercu", { timeout: 120000 });
        await page.click('main form[action$="/importer"] button.button');
        await page.waitForURL("**/travaux/*");
        const values = new Set();
        if (name === "desktop") {
            await page.exposeFunction("tell", (value) => values.add(value));
            await page.waitForSelector("#job progress");
            await page.evaluate(() => { // an observer that a reload would end
                const look = () => tell(document.querySelector("#job progress")?.value);
                new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
                look();
            });
        }
        await page.waitForURL("**/imports/*", { timeout: 120000 });
        if (name === "desktop") assert.ok(values.size > 1, `it moves without a reload: ${[...values]}`);
        assert.match(await page.textContent("main"), /structures enregistrées/);
        await page.goto(`${house.url}/travaux`);
        assert.match(await page.textContent("main"), /longue liste\.csv/);
        await look(page, name, "jobs");
        await page.click("main tbody a");
        await look(page, name, "job done");
        await page.context().close();
    });

test("a job is cancelled from its page", { skip }, async () => {
    const page = await visit(house);
    await askPreview(page, "annulé", 3 * rows);
    await page.waitForSelector("#job progress");
    await page.click("#job-cancel");
    await page.waitForSelector("#job:has-text('Annulé')");
    assert.equal(await page.locator("#job progress").count(), 0);
    await look(page, "desktop", "job cancelled");
    await page.context().close();
});
