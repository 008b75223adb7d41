// SPDX-License-Identifier: AGPL-3.0-or-later
// The main job, as people do it: a file of firms in, a need in plain words, chips corrected, firms ranked; or nobody.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkPage, enter, openHouse, screens, skip, spaceOf, visit } from "./house.mjs";

const NEED = "alésage 0,8 mm ± 2 µm en titane grade 5, 5 000 pièces par mois, ISO 13485, avant mars, à moins de 60 km";
const NOBODY = "décolletage certifié EN 9100 et IATF 16949, à moins de 1 km de Brest";
const FILE = "Raison sociale;SIREN;Ville;Effectif;Savoir-faire;Inconnue\r\n" +
    "Rouages de la Combe;;Morteau;14;taillage de roues et pignons;x\r\n" +
    "Émaux du Dessoubre;;Maîche;6;émaillage grand feu de cadrans;y\r\n" +
    ";;Maîche;3;sans nom;z\r\n";

let house;
before(async () => {
    if (!skip) house = await openHouse();
});
after(async () => {
    await house?.close();
});

async function describe(page, words, at = house) {
    await page.goto(`${at.url}/besoins/nouveau`);
    await page.fill("#text", words);
    await page.click('main form button:has-text("Lire et chercher")');
    await page.waitForURL(/\/besoins\/\d+$/);
}

const chips = (page) => page.$$eval(".chips .chip", (all) => all.map((c) => c.querySelector(".chip-value").textContent.trim()));

for (const [name, options] of Object.entries(screens)) {
    test(`a buyer's need is read, corrected and answered: ${name}`, { skip }, async () => {
        const page = await visit(house, options);
        const pole = spaceOf(house, "pole"); // where somebody can do it
        await enter(pole, page, "Hélène");
        await describe(page, NEED, pole);
        const values = (await chips(page)).join(" | ").replace(/[\u00a0\u202f]/g, " ");
        for (const wanted of ["alésage", "titane grade 5", "0,8 mm", "2 µm", "5 000 pièces", "ISO 13485", "60 km", "2027"])
            assert.match(values, new RegExp(wanted), `${wanted} in ${values}`);
        assert.equal(await page.textContent("h1"), "Qui sait faire"); // and not "Personne ici", whose nearest are cards too
        assert.equal(await page.locator("#matches .empty").count(), 0);
        const ranked = await page.$$eval("#matches .match h3", (all) => all.map((h) => h.textContent));
        assert.deepEqual(ranked.slice(0, 2).sort(), ["Malcombe Médical", "Orévane Implants"], "those who hold the size, the tolerance and the certificate");
        const why = await page.$$eval("#matches .match", (all) => all.map((m) => m.querySelectorAll(".reasons li").length));
        assert.ok(why.every((n) => n > 0), "each with its reasons");

        await page.click('.chip:has-text("0,8 mm") summary');
        await page.fill('.chip[open] input[name="value"]', "0,9 mm");
        await page.click('.chip[open] button:has-text("Corriger")');
        await page.waitForLoadState();
        assert.ok((await chips(page)).some((v) => v.startsWith("0,9")), "the corrected size");

        await page.click('.chip:has-text("ISO 13485") summary');
        await page.click('.chip[open] button:has-text("Retirer")');
        await page.waitForLoadState();
        assert.ok(!(await chips(page)).some((v) => v.includes("13485")), "the certificate is gone");
        if (options.javaScriptEnabled !== false) await checkPage(page, `need, ${name}`);

        await page.click('button:has-text("Ouvrir ce besoin")');
        await page.waitForLoadState();
        assert.match(await page.textContent(".spec-ref"), /Ouvert/);
        await page.context().close();
    });
}

test("nobody here is said plainly, with the nearest and a way on", { skip }, async () => {
    const page = await visit(house);
    await enter(house, page, "Hélène");
    await describe(page, NOBODY);
    assert.equal(await page.textContent("h1"), "Personne ici");
    assert.equal(await page.locator("#matches .empty").count(), 1);
    const nearest = page.locator("#matches .match"); // each says what it lacks: none is shown as a full answer
    assert.equal(await nearest.filter({ has: page.locator(".reasons-gap") }).count(), await nearest.count());
    await checkPage(page, "nobody");
    await page.context().close();
});

test("the whole thread with the keyboard alone", { skip }, async () => {
    const page = await visit(house);
    await page.goto(`${house.url}/connexion`);
    const focusOn = async (selector) => {
        for (let i = 0; i < 120; i++) {
            if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
            await page.keyboard.press("Tab");
        }
        assert.fail(`Tab never reaches ${selector}`);
    };
    await focusOn("button.persona");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/aujourdhui");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains("skip")), "the first stop skips to the content");
    await page.goto(`${house.url}/besoins/nouveau`);
    await focusOn("#text");
    await page.keyboard.type("polissage miroir de 200 boîtes en acier");
    await focusOn('main form button:not([name="theme"])');
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/besoins\/\d+$/);
    await focusOn(".chip summary");
    await page.keyboard.press("Enter");
    assert.ok(await page.$(".chip[open]"), "a chip opens");
    await page.context().close();
});

for (const [name, options] of [["desktop", screens.desktop], ["no JavaScript", screens["no JavaScript"]]])
    test(`a facilitator imports a file and takes it back: ${name}`, { skip }, async () => {
        const page = await visit(house, options);
        await page.goto(`${house.url}/connexion`);
        await page.click('button.persona:has-text("nimat")'); // animateur, animatrice
        await page.waitForURL("**/aujourdhui");
        await page.goto(`${house.url}/imports/nouveau`);
        await page.setInputFiles('input[type="file"]', { name: "adherents.csv", mimeType: "text/csv", buffer: Buffer.from(FILE, "latin1") });
        await page.click("main form button.button:not([disabled])");
        await page.waitForLoadState();
        assert.match(await page.textContent("main"), /Raison sociale/);
        await page.click('main form[action$="/apercu"] .form-acts button');
        await page.waitForLoadState();
        const preview = await page.textContent("main");
        assert.match(preview, /Rouages de la Combe/);
        assert.match(preview, /Émaux du Dessoubre/, "Windows-1252 is read");
        await page.click('main form[action$="/importer"] button');
        await page.waitForLoadState();
        await page.goto(`${house.url}/annuaire?q=rouages+combe`);
        assert.match(await page.textContent("#resultats"), /Rouages de la Combe/);
        await page.goto(`${house.url}/imports`);
        await page.click("main table details summary");
        await page.click('main form[action$="/annuler"] button');
        await page.waitForLoadState();
        await page.goto(`${house.url}/annuaire?q=rouages+combe`);
        assert.doesNotMatch(await page.textContent("#resultats"), /Rouages de la Combe/);
        await page.context().close();
    });

test("every page of every person stands on desk and phone, light and dark", { skip }, async () => {
    const people = [["Hélène", ["/aujourdhui", "/annuaire", "/annuaire?q=polissage", "/besoins", "/besoins/nouveau", "/nomenclature", "/fiches",
        "/fiches/capability", "/fiches/organisation", "/donnees"]], ["nimat", ["/aujourdhui", "/imports", "/imports/nouveau", "/fiches/organisation/nouvelle",
        "/fiches/capability/nouvelle", "/fiches/person"]]];
    for (const name of ["desktop", "phone", "dark", "dark phone"])
        for (const [person, paths] of people) {
            const page = await visit(house, screens[name]);
            await enter(house, page, person);
            for (const path of paths) {
                const answer = await page.goto(house.url + path);
                assert.equal(answer.status(), 200, path);
                await checkPage(page, `${path}, ${name}`);
            }
            await page.goto(`${house.url}/annuaire`);
            await page.click("#resultats h3 a");
            await page.waitForURL(/\/structures\/\d+/);
            await checkPage(page, `an organisation, ${name}`);
            await page.context().close();
        }
});

test("the directory finds as people type, and filters without losing the place", { skip }, async () => {
    const page = await visit(house);
    await enter(house, page, "Hélène");
    for (const [typed, wanted] of [["decoletage", /[Dd]écolletage/], ["POLISS", /[Pp]oliss/], ["damprichard", /Damprichard/]]) {
        await page.goto(`${house.url}/annuaire?q=${typed}`);
        assert.match(await page.textContent("#resultats"), wanted, typed);
    }
    await page.goto(`${house.url}/annuaire`);
    const box = page.locator('input[name="procede"]').first();
    await box.check();
    await page.waitForURL(/procede=/);
    assert.ok(await page.locator(".active-filters a").count(), "the filter can be taken off");
    await page.context().close();
});
