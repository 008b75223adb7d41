/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Live filters: <form method="get" data-live="#a,#b"> asks for its page on every change and swaps the named
 * regions in place. The address follows, focus and open parts stay, and what came is announced. Whatever goes
 * wrong, the browser simply opens the page. */
const links = ".pagination a, thead a, .results-head a, .active-filters a";
let timer, pending;

const idsOf = (form) => form.dataset.live.split(",").map((name) => name.trim().slice(1));

function addressOf(form) {
  const fields = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...fields]) if (value === "") fields.delete(name, "");
  const address = new URL(form.action);
  address.search = fields;
  address.hash = location.hash;
  return address;
}

/* What the person holds in a region: the focused control with its text and caret, the parts they opened. */
function keep(region) {
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  const open = [...region.querySelectorAll("details[id]")].map((part) => [part.id, part.open]);
  const text = active?.matches("input[type=search], input[type=text], textarea") ? active.value : null;
  const caret = text === null ? null : active.selectionStart;
  return () => {
    for (const [id, state] of open) if (document.getElementById(id)) document.getElementById(id).open = state;
    if (!active) return;
    const again = active.id && document.getElementById(active.id);
    const target = again || document.getElementById(region.id);
    if (!again) target.tabIndex = -1;
    if (again && text !== null) {
      again.value = text;
      again.setSelectionRange(caret, caret);
    }
    target.focus({ preventScroll: true });
  };
}

export function announce(page, ids) {
  const words = ids.map((id) => page.getElementById(id)?.dataset.announce).find(Boolean);
  const live = document.getElementById("live");
  if (words && live) setTimeout(() => (live.textContent = words), 100);
}

export function swap(page, ids) {
  const fresh = ids.map((id) => page.getElementById(id));
  if (fresh.includes(null)) return false;
  ids.forEach((id, i) => {
    const old = document.getElementById(id);
    if (!old) return;
    const restore = keep(old);
    old.replaceWith(document.importNode(fresh[i], true));
    restore();
  });
  return true;
}

async function load(address, ids, push) {
  pending?.abort();
  const mine = (pending = new AbortController());
  for (const id of ids) document.getElementById(id)?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: mine.signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error("not the page asked for");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine.signal.aborted) return;
    if (!swap(page, ids)) throw new Error("region missing");
    document.title = page.title;
    history.replaceState({ live: true }, "", push ? location : address);
    if (push) history.pushState({ live: true }, "", address);
    announce(page, ids);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

const liveForm = (target) => (target.form?.dataset.live ? target.form : null);

document.addEventListener("input", (event) => {
  const form = liveForm(event.target);
  if (!form || !event.target.matches("[type=search], [type=text], [type=number], [type=range]")) return;
  clearTimeout(timer);
  timer = setTimeout(() => load(addressOf(form), idsOf(form), false), 250);
});

document.addEventListener("change", (event) => {
  const form = liveForm(event.target);
  if (form && event.target.matches("select, [type=checkbox], [type=radio]")) load(addressOf(form), idsOf(form), true);
});

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.dataset.live) return;
  event.preventDefault();
  clearTimeout(timer);
  load(addressOf(event.target), idsOf(event.target), true);
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest(links);
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.pathname !== location.pathname) return;
  const form = [...document.querySelectorAll("form[data-live]")].find((one) =>
    idsOf(one).some((id) => link.closest(`[id="${CSS.escape(id)}"]`)));
  if (!form || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  const region = link.closest("[data-announce]")?.id;
  await load(link.href, idsOf(form), true);
  const now = region && document.getElementById(region);
  if (now && now.getBoundingClientRect().top < 0) now.scrollIntoView();
});

addEventListener("popstate", (event) => event.state?.live && location.reload());
