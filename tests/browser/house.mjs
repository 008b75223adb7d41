// SPDX-License-Identifier: AGPL-3.0-or-later
// A real server on the demo in its own temporary folder, a real Chromium, and the checks every page must pass.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const binary = process.env.GRAPPE ?? "build-run/grappe";
const candidates = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"];
const browserPath = candidates.find((path) => path && existsSync(path));
/** Of tests that need it: why they cannot run here. */
export const skip = browserPath ? false : "no Chromium: set CHROMIUM";
if (process.env.REQUIRE_BROWSER && skip) throw new Error("REQUIRE_BROWSER is set and there is no Chromium");

/** Makes the demo, serves it on a free port, with more options of `grappe serve`. Call close() when done: it ends by process id. */
export async function openHouse(words = []) {
    const folder = mkdtempSync(join(tmpdir(), "grappe-browser-"));
    const data = join(folder, "demo");
    execFileSync(binary, ["demo", data], { stdio: "ignore" });
    const server = spawn(binary, ["serve", data, "--port", "0", ...words], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, LC_ALL: "fr_FR.UTF-8" } });
    const printed = []; // letters too, for want of mail
    const url = await new Promise((resolve, reject) => {
        server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
        createInterface({ input: server.stderr }).on("line", (line) => {
            printed.push(line);
            const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
            if (found) resolve(found[0]);
        });
    });
    const browser = await chromium.launch({
        executablePath: browserPath,
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    return {
        url,
        printed,
        data,
        browser,
        async close() {
            await browser.close();
            const ended = new Promise((resolve) => server.once("exit", resolve));
            server.kill("SIGTERM");
            await ended;
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

export const screens = {
    desktop: { viewport: { width: 1440, height: 900 } },
    dark: { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
    phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
    "dark phone": { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: "dark" },
    "no JavaScript": { viewport: { width: 1280, height: 800 }, javaScriptEnabled: false },
};

/** The same server, another of its spaces: each has its host name. */
export function spaceOf(house, name) {
    return { ...house, url: house.url.replace("127.0.0.1", `${name}.localhost`) };
}

/** A page of a new visitor; a fault in a script or a policy violation fails the test. */
export async function visit(house, options = screens.desktop) {
    const context = await house.browser.newContext({ locale: "fr-FR", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15000);
    page.faults = [];
    page.on("pageerror", (error) => page.faults.push(error.message));
    page.on("console", (message) => {
        if (message.type() === "error" && !/status of (404|410|422)/.test(message.text())) page.faults.push(message.text());
    });
    return page;
}

export async function enter(house, page, name) {
    await page.goto(`${house.url}/connexion`);
    await page.click(`button.persona:has-text("${name}")`);
    await page.waitForURL("**/aujourdhui");
}

/** What no page may do: overflow, small targets, tiny text in pictures, axe violations, script faults. */
export async function checkPage(page, what) {
    const layout = await page.evaluate(() => {
        const root = document.documentElement;
        const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
        const tiny = [...document.querySelectorAll("svg text")]
            .filter((t) => seen(t) && parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a < 11.9)
            .map((t) => t.textContent);
        const small = [...document.querySelectorAll("button, select, summary, input:not([type=hidden]):not([type=checkbox]):not([type=radio])")]
            .filter((e) => seen(e) && !e.closest(".visually-hidden") && e.getBoundingClientRect().height < 23.5)
            .map((e) => e.outerHTML.slice(0, 100));
        return { over: root.scrollWidth - root.clientWidth, tiny, small };
    });
    assert.ok(layout.over <= 0, `${what}: ${layout.over} px too wide`);
    assert.deepEqual(layout.tiny, [], `${what}: text under 12 px in a picture`);
    assert.deepEqual(layout.small, [], `${what}: targets under 24 px`);
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        const result = await window.axe.run(document, { runOnly: { type: "tag", values: tags } });
        return result.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
    });
    assert.deepEqual(violations, [], `${what}: axe`);
    assert.deepEqual(page.faults, [], `${what}: scripts`);
}
