/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Suggestions under a search box (listbox pattern) and the palette (/ and Ctrl-K), which also lists the doors.
 * The server answers GET <body data-search>?q= with [{label, hint, url}], already filtered by rights. */
const source = document.body.dataset.search;
const palette = document.getElementById("palette");
const boxes = "input[data-suggest], input[data-palette]";
let timer, turn = 0;

function listOf(input) {
  let list = document.getElementById(`${input.id}-list`);
  if (list) return list;
  list = document.createElement("ul");
  list.id = `${input.id}-list`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  input.form.after(list);
  if (!input.matches("[data-palette]")) input.form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]])
    input.setAttribute(name, value);
  return list;
}

function show(input, entries) {
  const list = listOf(input);
  list.replaceChildren(...entries.map((entry, i) => {
    const option = document.createElement("li");
    option.id = `${list.id}-${i}`;
    option.dataset.url = entry.url;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const hint = document.createElement("small");
    hint.textContent = entry.hint ?? "";
    option.append(entry.label, hint);
    return option;
  }));
  list.hidden = entries.length === 0;
  input.setAttribute("aria-expanded", String(!list.hidden));
  input.removeAttribute("aria-activedescendant");
}

function doors(words) {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return [...document.querySelectorAll(".doors > ul > li > a")]
    .filter((door) => fold(door.textContent).includes(fold(words)))
    .map((door) => ({ label: door.textContent.trim(), hint: "", url: door.href }));
}

async function suggest(input) {
  const words = input.value.trim();
  const first = input.matches("[data-palette]") ? doors(words) : [];
  const mine = ++turn;
  if (!source || words.length < 2) return show(input, first);
  try {
    const answer = await fetch(`${source}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
    const found = answer.ok ? await answer.json() : [];
    if (mine === turn && input.matches(":focus")) show(input, [...first, ...found]);
  } catch {
    if (mine === turn) show(input, first);
  }
}

function open(option) {
  const address = new URL(option.dataset.url, location.href);
  if (address.origin === location.origin) location.assign(address);
}

function move(input, step) {
  const options = [...listOf(input).children];
  if (!options.length) return;
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const next = (now + step + options.length + (now < 0 && step < 0 ? 1 : 0)) % options.length;
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === next)));
  options[next].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options[next].id);
}

document.addEventListener("focusin", (event) => event.target.matches(boxes) && listOf(event.target));
document.addEventListener("focusout", (event) => {
  if (event.target.matches("input[data-suggest]")) setTimeout(() => show(event.target, []), 150);
});
document.addEventListener("input", (event) => {
  if (!event.target.matches(boxes)) return;
  clearTimeout(timer);
  timer = setTimeout(suggest, 120, event.target);
});
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest(".suggestions > [role=option]");
  if (!option) return;
  event.preventDefault();
  open(option);
});

function boxKeys(event) {
  const input = event.target;
  const chosen = listOf(input).querySelector("[aria-selected=true]");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(input, event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Enter" && chosen) open(chosen);
  else if (event.key === "Escape" && input.matches("[data-palette]")) palette.close();
  else if (event.key === "Escape" && !listOf(input).hidden) show(input, []);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  const input = palette.querySelector("input");
  input.value = "";
  suggest(input);
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches?.(boxes)) boxKeys(event);
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) openPalette();
  else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const seen = [...document.querySelectorAll("main .search-large input, .topbar .search input")].find((box) => box.checkVisibility?.({ visibilityProperty: true }));
    if (seen) seen.focus();
    else openPalette();
  } else return;
  event.preventDefault();
});
palette?.addEventListener("click", (event) => event.target === palette && palette.close());
