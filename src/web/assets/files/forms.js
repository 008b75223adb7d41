/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sliders say their value, or their share of those beside them; pickers turn a chosen term into a token, chips open on their field. */
document.addEventListener("input", (event) => {
  if (!event.target.matches("[type=range]")) return;
  const sliders = "share" in event.target.dataset ? [...event.target.form.querySelectorAll("[data-share]")] : [event.target];
  const total = sliders.reduce((sum, one) => sum + Number(one.value), 0) || 1;
  for (const one of sliders) {
    const output = document.querySelector(`output[for="${CSS.escape(one.id)}"]`);
    const { share, unit = "" } = one.dataset;
    if (output) output.value = share === undefined ? one.value + unit : `${Math.round((100 * one.value) / total)}\u00a0%`;
  }
});

/* The term that was chosen in the list of suggestions; anything else stays typed, and the server reads it. */
function take(input) {
  const picker = input.closest("[data-picker]");
  const option = [...input.list.options].find((one) => one.value.toLowerCase() === input.value.trim().toLowerCase());
  if (!option) return false;
  const { code } = option.dataset;
  let box = [...picker.querySelectorAll("[type=checkbox]")].find((one) => one.value === code);
  if (!box) {
    const label = document.createElement("label");
    box = Object.assign(document.createElement("input"), { type: "checkbox", name: picker.dataset.picker, value: code });
    label.append(box, " ", option.value);
    picker.querySelector(".tokens").append(label);
  }
  box.checked = true;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  input.value = "";
  return true;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-picker] input[list]")) take(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("[data-picker] input[list]") && event.target.value) {
    if (take(event.target)) event.preventDefault();
  } else if ((event.key === "Delete" || event.key === "Backspace") && event.target.matches?.(".chip > summary")) {
    event.preventDefault();
    event.target.parentElement.querySelector("[name=remove]")?.click();
  }
});

/* `toggle` does not bubble: it is caught on its way down. */
document.addEventListener("toggle", (event) => {
  const chip = event.target;
  if (!chip.matches?.(".chip[open]")) return;
  chip.querySelector(".chip-panel :is(input, select, textarea)")?.focus();
}, true);
