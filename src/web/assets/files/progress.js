/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A region with data-refresh is asked for again so many milliseconds later, until it has that no more. The
 * page's tag makes it cheap: the server only says that nothing changed. An answer from elsewhere is the next
 * step: there the browser goes. While nobody looks, nothing is asked. */
import { announce, swap } from "./live.js";

const LONGEST = 10000;
let shown = "", pause = 0, timer;

const region = () => document.querySelector("[data-refresh][id]");

async function again() {
  const old = region();
  if (!old) return;
  try {
    const answer = await fetch(location, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.replace(answer.url);
    if (!answer.ok) throw new Error("not now");
    const text = await answer.text();
    pause = 0;
    if (text !== shown) show(old, (shown = text));
  } catch {
    pause = Math.min(LONGEST, pause * 2 + 1000); /* the server may be starting again */
  }
  later();
}

function show(old, text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const said = old.dataset.announce;
  if (!swap(page, [old.id])) return;
  document.title = page.title;
  if (document.getElementById(old.id).dataset.announce !== said) announce(document, [old.id]);
}

function later() {
  const now = region();
  clearTimeout(timer);
  if (now && !document.hidden) timer = setTimeout(again, Number(now.dataset.refresh) + pause);
}

document.addEventListener("visibilitychange", later);
later();
