// The desk's lines, copy buttons and idle lock. Everything else is forms, which work without any script.
"use strict";

const lines = () => [...document.querySelectorAll("[data-line]")];
const current = () => lines().findIndex((line) => line.contains(document.activeElement));
let kept = -1;

function focusLine(place) {
  const all = lines();
  if (!all.length) return;
  all[Math.min(Math.max(place, 0), all.length - 1)].querySelector("a.open").focus();
}

const help = () => document.getElementById("help")?.showModal();

// A decided ticket leaves the queue: the next one, now in its place, takes the focus.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "results") kept = current();
});
document.addEventListener("htmx:afterSwap", (event) => {
  reveal();
  // Unless somebody has gone elsewhere meanwhile.
  if (kept >= 0 && document.activeElement === document.body) focusLine(kept);
  kept = -1;
  // What was done may have changed how many tickets a view shows.
  if (event.target.id === "results" && document.querySelector("#views li")) htmx.trigger("#views", "refresh");
});
// What is typed is searched for as it is typed: leaving the field is no reason to do it again, under someone's next key.
document.getElementById("query")?.addEventListener("change", (event) => event.stopPropagation());
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

// How much of a letter is left, in characters as the desk counts them.
function countLeft(area) {
  const left = Number(area.dataset.most) - [...area.value.trim()].length;
  const shown = document.querySelector(`[data-left="${area.id}"]`);
  shown.textContent = (left < 0 ? shown.dataset.over : shown.dataset.words).replace("#", Math.abs(left));
  shown.classList.toggle("late", left < 0);
}
document.addEventListener("input", (event) => { if (event.target.dataset.most) countLeft(event.target); });

document.addEventListener("submit", (event) => {
  const sure = event.target.dataset.confirm;
  if (sure && !confirm(sure)) event.preventDefault();
});

function reveal() {
  // htmx notes the address of the page, even with its history off: nothing stays in the browser.
  sessionStorage.clear();
  const scripted = "[data-copy][hidden], [data-help][hidden], [data-close][hidden], [data-scripted][hidden]";
  for (const hidden of document.querySelectorAll(scripted)) hidden.hidden = false;
  for (const area of document.querySelectorAll("[data-most]")) countLeft(area);
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
