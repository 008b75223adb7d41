// SPDX-License-Identifier: AGPL-3.0-or-later
// From match to deal, as six people live it: a confidential need, three blind cards, two yes, one chosen, met, quoted, ordered.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { checkPage, enter, openHouse, screens, skip, visit } from "./house.mjs";

const NEED = "Tiges secrètes : décolletage en laiton, diamètre 1,2 mm, tolérance 10 µm, 3000 pièces, pour notre calibre caché";
const ASKED = [["Brenelle Décolletage", null], ["Taillages Pertuzel", "olivier.pertuzel@pertuzel.example"], ["Rectification Sauvelin", "corinne.sauvelin@sauvelin.example"]];
const BETRAYS = /Valbrégille|Dastrevigne|Hélène|secrètes|caché/;

let house;
beforeEach(async () => { // one each: a no holds for a need in the same words
    if (!skip) house = await openHouse();
});
afterEach(async () => {
    await house?.close();
});

/** Somebody who is no persona comes in by a link, which the server prints for want of mail. */
async function enterByLink(page, email) {
    const before = house.printed.length;
    await page.goto(`${house.url}/connexion`);
    await page.fill("#email", email);
    await page.click('button[formaction="/connexion/lien"]');
    await page.waitForURL("**/connexion/lien");
    let link;
    for (let i = 0; i < 100 && !link; i++) {
        link = house.printed.slice(before).find((line) => line.includes("/lien/"))?.trim();
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await page.goto(link);
    await page.click('main form[action^="/lien/"] button');
    await page.waitForURL("**/aujourdhui");
}

const main = (page) => page.textContent("main");
const today = async (page) => { await page.goto(`${house.url}/aujourdhui`); };
const todo = (page, words) => page.locator(".todo").filter({ hasText: words });

async function press(page, words) {
    await page.locator("main form").getByRole("button", { name: words }).first().click();
    await page.waitForLoadState();
}

async function decline(page, reason) {
    await page.click('summary:has-text("Non, pas cette fois")');
    await page.selectOption('details[open] select[name="reason"]', { label: reason });
    await page.click('details[open] button:has-text("Non, pas cette fois")');
    await page.waitForLoadState();
}

/** The buyer writes a need and opens it. */
async function openNeed(page, text) {
    await page.goto(`${house.url}/besoins/nouveau`);
    await page.fill("#text", text);
    await page.click('main form button:has-text("Lire et chercher")');
    await page.waitForURL(/\/besoins\/\d+$/);
    const need = page.url(), title = (await page.textContent(".spec h2")).trim();
    await page.click('button:has-text("Ouvrir ce besoin")');
    await page.waitForLoadState();
    return { need, title };
}

/** Among the ranked firms, up to what it would be sent. */
async function choose(page, need, firm) {
    await page.goto(`${need}?tous=1`);
    await page.locator(".match", { has: page.locator("h3", { hasText: firm }) }).getByRole("link", { name: "Proposer la mise en relation" }).click();
    await page.waitForURL("**/proposer?*");
}

for (const [name, options] of [["desktop", screens.desktop], ["phone", screens.phone], ["no JavaScript", screens["no JavaScript"]]])
    test(`from a confidential need to an order, and the loser learns nothing: ${name}`, { skip }, async () => {
        const check = async (page, what) => options.javaScriptEnabled === false || checkPage(page, `${what}, ${name}`);
        const [buyer, host, ...heads] = await Promise.all([0, 1, 2, 3, 4].map(() => visit(house, options)));
        await enter(house, buyer, "Hélène");
        await enter(house, host, "Claire");
        await enter(house, heads[0], "Marc");
        for (const at of [1, 2]) await enterByLink(heads[at], ASKED[at][1]);

        const { need, title } = await openNeed(buyer, `${NEED} (${name})`);
        await today(host); // the need waits there: nobody is asked about it
        await todo(host, title).first().locator("a.button").click();
        await host.waitForURL(need);
        for (const [firm] of ASKED) {
            await choose(host, need, firm);
            const shown = await host.textContent(".spec");
            assert.ok(!BETRAYS.test(shown), shown);
            const plausible = Number(/(\d+) structures/.exec(shown)[1]);
            assert.ok(plausible >= 5, shown);
            await check(host, "what will be sent");
            await press(host, "Proposer la mise en relation");
            await host.waitForURL("**/mises-en-relation/*");
        }
        await check(host, "an introduction proposed");

        const subject = "Décolletage · laiton", cards = [];
        for (const head of heads) {
            await today(head);
            const asked = todo(head, subject).filter({ hasText: "Dites si vous savez faire" }).first();
            assert.ok(!BETRAYS.test(await asked.textContent()));
            await asked.locator("a.button").click();
            await head.waitForURL("**/demandes/*");
            assert.ok(!BETRAYS.test(await main(head)));
            cards.push(head.url());
        }
        await check(heads[0], "a blind card");
        await press(heads[0], "Oui, nous savons faire");
        await press(heads[1], "Oui, nous savons faire");
        await decline(heads[2], "Pas de capacité à cette période");

        await today(buyer);
        await check(buyer, "the day of who asks");
        const decisions = todo(buyer, title).filter({ hasText: "Dites si vous voulez être mis en relation" });
        assert.equal(await decisions.count(), 2);
        await decisions.filter({ hasText: ASKED[0][0] }).locator("a.button").click();
        await buyer.waitForURL("**/mises-en-relation/*");
        const deal = buyer.url();
        await check(buyer, "to be consented to");
        await press(buyer, "Oui, présentez-nous");
        assert.match(await main(buyer), /Marc Brenelle/);
        await today(buyer);
        await todo(buyer, title).filter({ hasText: ASKED[1][0] }).locator("a.button").click();
        await decline(buyer, "Une autre entreprise a été retenue");

        for (const at of [1, 2]) { // who lost, and who said no, know no more than before
            await heads[at].goto(cards[at]);
            assert.match(await main(heads[at]), /Déclinée/);
            assert.ok(!BETRAYS.test(await heads[at].content()));
            assert.equal((await heads[at].goto(deal)).status(), 404);
            assert.equal((await heads[at].goto(need)).status(), 404);
        }

        await heads[0].goto(cards[0]);
        for (const told of [/Maison Valbrégille/, /Hélène Dastrevigne/, /calibre caché/]) assert.match(await main(heads[0]), told);
        await check(heads[0], "known to each other");
        for (const act of ["La rencontre a eu lieu", "Le devis est remis"]) { // one click on the day's page
            await today(heads[0]);
            await todo(heads[0], subject).filter({ hasText: act }).first().getByRole("button", { name: act }).click();
            await heads[0].waitForURL("**/aujourdhui");
        }
        await buyer.goto(deal);
        await buyer.selectOption("#value", "to_20k");
        await press(buyer, "La commande est passée");
        assert.match(await main(buyer), /Commandée/);

        await host.goto(deal);
        assert.match(await main(host), /Commandée[\s\S]*Devis remis[\s\S]*Rencontre faite[\s\S]*Acceptée des deux côtés[\s\S]*Proposée/);
        await host.click('a:has-text("Qui a ouvert la demande")');
        await host.waitForLoadState();
        assert.match(await main(host), /Brenelle Décolletage/);
        await host.goto(`${house.url}/mises-en-relation`);
        assert.match(await main(host), /Commandée/);
        assert.equal(await host.locator(".yields:visible").count(), 0, "the figures are behind their pictures");
        await host.locator("summary", { hasText: "Selon leur origine" }).click();
        assert.match(await host.locator(".fold[open] .bars").first().innerText(), /\d+\s+sur\s+\d+/);
        await host.locator(".fold[open] summary", { hasText: "Voir les données" }).click();
        assert.equal(await host.locator(".yields:visible").count(), 1);
        await check(host, "how they go");
        for (const page of [buyer, host, ...heads]) await page.context().close();
    });

for (const [name, options] of [["dark phone", screens["dark phone"]], ["no JavaScript", screens["no JavaScript"]]])
    test(`under a confidentiality agreement nobody is known before both accepted its text: ${name}`, { skip }, async () => {
        const check = async (page, what) => options.javaScriptEnabled === false || checkPage(page, `${what}, ${name}`);
        const [buyer, host, head] = await Promise.all([0, 1, 2].map(() => visit(house, options)));
        await enter(house, buyer, "Hélène");
        await enter(house, host, "Claire");
        await enter(house, head, "Marc");
        const { need, title } = await openNeed(buyer, `${NEED} (accord, ${name})`);
        await choose(host, need, ASKED[0][0]);
        await press(host, "Proposer la mise en relation");
        const deal = host.url();

        await today(head);
        await todo(head, "Décolletage · laiton").filter({ hasText: "Dites si vous savez faire" }).first().locator("a.button").click();
        const card = head.url();
        await head.locator("summary", { hasText: "Lire l’accord de confidentialité, version" }).click();
        const text = await head.locator("details[open] .prewrap").first().textContent();
        assert.ok(text.length > 20);
        await check(head, "a card with the agreement");
        await press(head, "Oui, sous l’accord de confidentialité");
        assert.ok(!BETRAYS.test(await head.content()));

        await host.goto(`${house.url}/accord-de-confidentialite`); // a later version is not theirs
        await host.click('summary:has-text("Publier une autre version")');
        await check(host, "the agreement");
        for (const at of ["text_fr", "text_en"]) await host.fill(`#${at}`, `Nous nous taisons (${name}).`);
        await press(host, "Publier cette version");
        assert.match(await main(host), /Nous nous taisons/);

        await today(buyer);
        const waits = todo(buyer, title).filter({ hasText: "Lisez l’accord" });
        assert.ok(!(await waits.textContent()).includes(ASKED[0][0]));
        await waits.locator("a.button").click();
        await buyer.waitForURL("**/mises-en-relation/*");
        assert.ok(!(await main(buyer)).includes(ASKED[0][0]));
        await buyer.locator("summary", { hasText: "Lire l’accord" }).click();
        assert.ok((await main(buyer)).includes(text));
        await check(buyer, "the agreement to be accepted");
        await press(buyer, "Oui, sous l’accord de confidentialité");
        for (const page of [buyer, head]) {
            await page.goto(page === buyer ? deal : card);
            assert.match(await main(page), /Acceptée des deux côtés[\s\S]*\d{4}-\d\d-\d\d · Maison Valbrégille, Hélène Dastrevigne\s+\d{4}-\d\d-\d\d · Brenelle Décolletage, Marc Brenelle/);
            await page.getByRole("link", { name: /telle qu’elle a été acceptée/ }).click();
            await page.waitForURL("**/accord-de-confidentialite/*");
            assert.match(await main(page), /gardée pour ceux qui l’ont acceptée/);
            assert.ok((await main(page)).includes(text));
            await check(page, "the text as it was accepted");
        }
        for (const page of [buyer, host, head]) await page.context().close();
    });

for (const [name, options] of [["phone", screens.phone], ["no JavaScript", screens["no JavaScript"]]])
    test(`each says how often they are reminded: ${name}`, { skip }, async () => {
        const check = async (page, what) => options.javaScriptEnabled === false || checkPage(page, `${what}, ${name}`);
        const [host, head] = await Promise.all([0, 1].map(() => visit(house, options)));
        await enter(house, host, "Claire");
        await enter(house, head, "Marc");
        await head.goto(`${house.url}/compte`);
        await head.click('a:has-text("on me rappelle")');
        await head.waitForURL("**/rappels");
        assert.equal(await head.locator("#facilitators").count(), 0); // which is for the space to say
        await head.fill('[name="days"]', "9, 3");
        await press(head, "Enregistrer");
        assert.match(await main(head), /chacun plus grand que le précédent/);
        await check(head, "days that do not grow");
        await head.fill('[name="days"]', "2, 5");
        await press(head, "Enregistrer");
        assert.match(await main(head), /En vigueur\s*: 2, 5\./);

        await host.goto(`${house.url}/rappels`);
        const space = host.locator("form", { has: host.locator("#facilitators") });
        await space.locator("#facilitators").fill("14");
        await space.getByRole("button", { name: "Enregistrer" }).click();
        await host.waitForLoadState();
        assert.equal(await host.inputValue("#facilitators"), "14");
        await check(host, "the space's reminders");
        for (const page of [host, head]) await page.context().close();
    });
