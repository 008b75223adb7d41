/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What floats above a page: menus, chips, the facets drawer, toasts; and the theme. */
const floating = ".menu[open], .chip[open]";

function close(details, focus) {
  details.open = false;
  if (focus) details.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(floating)) if (!open.contains(event.target)) close(open);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = [...document.querySelectorAll(floating)].pop();
  if (open) return close(open, open.contains(document.activeElement));
  const toast = document.querySelector("[data-toast]");
  if (toast) return toast.remove();
  const drawer = document.querySelector(".facets:target .facets-close");
  if (drawer) drawer.click();
});

/* The theme changes at once; the server remembers it. The language reloads the page, as a plain form does. */
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!event.target.matches("[data-preferences]") || button?.name !== "theme") return;
  event.preventDefault();
  if (button.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = button.value;
  const body = new URLSearchParams(new FormData(event.target));
  body.set(button.name, button.value);
  fetch(event.target.action, { method: "POST", body }).catch(() => {});
});

/* A toast goes after ten seconds, unless somebody is on it; what it undoes stays in the journal. */
for (const toast of document.querySelectorAll("[data-toast]")) {
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 3000) : toast.remove());
  setTimeout(leave, 10000);
}
