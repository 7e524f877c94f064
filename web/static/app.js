// What every page does: copy buttons, announcements, and the place of the focus after a part was replaced.
"use strict";

window.backwright = {
  /** Tell a screen reader something, politely. */
  announce(text) {
    const region = document.getElementById("announce");
    if (region) region.textContent = text;
  },
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent);
    const before = button.textContent;
    button.textContent = "Copied";
    window.backwright.announce("Copied to the clipboard");
    setTimeout(() => { button.textContent = before; }, 1500);
  } catch {
    // Without the clipboard (plain http), the text is selected instead.
    getSelection().selectAllChildren(source);
  }
});

// Forms marked so are sent when something in them changes; without scripts their button does it.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});

// Ctrl or Command with Enter sends the form one types in.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-hotkey]");
  if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("[data-primary]") || undefined); }
});
