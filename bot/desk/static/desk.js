// The desk's keyboard, copy buttons and idle lock. Everything else is forms, which work without this file.
"use strict";

const lines = () => [...document.querySelectorAll("[data-line]")];
const current = () => lines().findIndex((line) => line.contains(document.activeElement));
let kept = -1;

function focusLine(place) {
  const all = lines();
  if (!all.length) return;
  all[Math.min(Math.max(place, 0), all.length - 1)].querySelector("a.open").focus();
}

function press(state) {
  const inside = document.activeElement?.closest("[data-line]") ?? document.querySelector(".ticket");
  inside?.querySelector(`button[data-key="${state}"]`)?.click();
}

const help = () => document.getElementById("help")?.showModal();

const keys = {
  j: () => focusLine(current() + 1),
  k: () => focusLine(current() - 1),
  ArrowDown: () => focusLine(current() + 1),
  ArrowUp: () => focusLine(current() - 1),
  a: () => press("accepted"),
  x: () => press("rejected"),
  "/": () => document.getElementById("query")?.focus(),
  "?": help,
};

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input:not([type=radio], [type=checkbox]), select, textarea, dialog");
  if (event.key === "Escape" && event.target.id === "query") event.target.blur();
  if (writing || event.ctrlKey || event.altKey || event.metaKey || !(event.key in keys)) return;
  if (event.key.startsWith("Arrow") && (current() < 0 || !lines().length)) return;
  event.preventDefault();
  keys[event.key]();
});

// A decided ticket leaves the queue: the next one, now in its place, takes the focus.
document.addEventListener("htmx:beforeSwap", () => { kept = current(); });
document.addEventListener("htmx:afterSettle", () => {
  reveal();
  // Unless somebody has gone elsewhere meanwhile.
  if (kept >= 0 && document.activeElement === document.body) focusLine(kept);
  kept = -1;
});
document.addEventListener("htmx:responseError", () => location.reload());

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-help]")) help();
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = words; }, 1500);
});

document.addEventListener("submit", (event) => {
  const sure = event.target.dataset.confirm;
  if (sure && !confirm(sure)) event.preventDefault();
});

function reveal() {
  // htmx notes the address of the page, even with its history off: nothing stays in the browser.
  sessionStorage.clear();
  for (const hidden of document.querySelectorAll("[data-copy][hidden], [data-help][hidden]")) hidden.hidden = false;
}

const idle = Number(document.body.dataset.idle);
if (idle) {
  let used = Date.now();
  for (const kind of ["keydown", "pointerdown", "scroll"]) {
    document.addEventListener(kind, () => { used = Date.now(); }, { passive: true, capture: true });
  }
  setInterval(() => {
    if (Date.now() - used >= idle * 1000) document.getElementById("lock").submit();
  }, 5000);
}
// A page that the browser kept from before a logout is asked for anew.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
document.addEventListener("DOMContentLoaded", reveal);
