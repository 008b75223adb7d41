/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Map and list light each other by data-id; the map pans and zooms by its viewBox, with buttons, keys, drag and
 * Ctrl-wheel. Dots and words keep their size: dots by a non-scaling stroke, words by --map-zoom. */
const homes = new WeakMap();
let drag = null, dragged = false;

const home = (svg) => {
  if (!homes.has(svg)) homes.set(svg, { ...box(svg) });
  return homes.get(svg);
};
const box = (svg) => {
  const { x, y, width, height } = svg.viewBox.baseVal;
  return { x, y, width, height };
};

function look(svg, view) {
  const all = home(svg);
  const width = Math.min(all.width, Math.max(all.width / 16, view.width));
  const height = width * all.height / all.width;
  const x = Math.min(all.x + all.width - width, Math.max(all.x, view.x));
  const y = Math.min(all.y + all.height - height, Math.max(all.y, view.y));
  svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  svg.style.setProperty("--map-zoom", width / all.width);
  svg.style.touchAction = width < all.width ? "none" : "";
}

function zoom(svg, factor, at = { x: 0.5, y: 0.5 }) {
  const now = box(svg);
  const width = Math.min(home(svg).width, now.width * factor);
  const height = now.height * width / now.width;
  look(svg, { x: now.x + (now.width - width) * at.x, y: now.y + (now.height - height) * at.y, width });
}

function pan(svg, dx, dy) {
  const now = box(svg);
  look(svg, { ...now, x: now.x + dx * now.width, y: now.y + dy * now.height });
}

const acts = { in: (svg) => zoom(svg, 1 / 1.6), out: (svg) => zoom(svg, 1.6), all: (svg) => look(svg, home(svg)) };
const keys = {
  "+": acts.in, "=": acts.in, "-": acts.out, "0": acts.all,
  ArrowLeft: (svg) => pan(svg, -0.15, 0), ArrowRight: (svg) => pan(svg, 0.15, 0),
  ArrowUp: (svg) => pan(svg, 0, -0.15), ArrowDown: (svg) => pan(svg, 0, 0.15),
};
const mapOf = (target) => target.closest?.("[data-map] > svg");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button) acts[button.dataset.zoom](button.closest(".map-box").querySelector("[data-map] > svg"));
  if (dragged) event.preventDefault();
  dragged = false;
});
document.addEventListener("keydown", (event) => {
  const svg = mapOf(event.target);
  const moves = !/^Arrow/.test(event.key) || (svg && box(svg).width < home(svg).width);
  if (!svg || !keys[event.key] || event.ctrlKey || event.metaKey || !moves) return;
  event.preventDefault();
  keys[event.key](svg);
});
document.addEventListener("wheel", (event) => {
  const svg = mapOf(event.target);
  if (!svg || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  const frame = svg.getBoundingClientRect();
  zoom(svg, event.deltaY < 0 ? 1 / 1.2 : 1.2,
       { x: (event.clientX - frame.x) / frame.width, y: (event.clientY - frame.y) / frame.height });
}, { passive: false });

document.addEventListener("pointerdown", (event) => {
  const svg = mapOf(event.target);
  dragged = false;
  if (!svg || event.button || box(svg).width >= home(svg).width) return;
  drag = { svg, from: event, view: box(svg) };
  event.preventDefault();
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const { svg, from, view } = drag;
  const scale = view.width / svg.getBoundingClientRect().width;
  const dx = event.clientX - from.clientX, dy = event.clientY - from.clientY;
  dragged ||= Math.hypot(dx, dy) > 4;
  look(svg, { ...view, x: view.x - dx * scale, y: view.y - dy * scale });
});
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (drag = null));
document.addEventListener("dragstart", (event) => drag && event.preventDefault());

function light(event) {
  const id = event.target.closest?.("[data-id]")?.dataset.id;
  for (const lit of document.querySelectorAll(".is-lit")) if (lit.dataset.id !== id) lit.classList.remove("is-lit");
  if (id) for (const one of document.querySelectorAll(`[data-id="${CSS.escape(id)}"]`)) one.classList.add("is-lit");
}
document.addEventListener("pointerover", light);
document.addEventListener("focusin", light);
