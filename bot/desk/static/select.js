// Selecting tickets on screen. Which ones is nowhere but in the page.
"use strict";

const boxes = () => [...document.querySelectorAll("[data-line] .pick input")];
let last = null;
let ticked = [];

function tick(box, to) {
  box.checked = to;
  last = box.name;
  count();
}

function tickTo(box) {
  const all = boxes();
  const from = all.findIndex((one) => one.name === last);
  const to = all.indexOf(box);
  if (from < 0) return tick(box, !box.checked);
  for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = true;
  count();
}

function tickAll() {
  const all = boxes();
  const to = !all.every((box) => box.checked);
  for (const box of all) box.checked = to;
  count();
}

const picked = () => boxes().filter((box) => box.checked);

function count() {
  const told = document.querySelector("[data-picked]");
  if (!told) return;
  told.dataset.none ??= told.textContent;
  const some = picked().length;
  const words = some ? told.dataset.picked.replace("#", some) : told.dataset.none;
  if (told.textContent !== words) told.textContent = words;
  document.getElementById("bulk").classList.toggle("some", some > 0);
  const all = document.querySelector("[data-all]");
  all.checked = some > 0 && some === boxes().length;
  all.indeterminate = some > 0 && !all.checked;
  for (const box of boxes()) box.closest("[data-line]").classList.toggle("picked", box.checked);
}

document.addEventListener("click", (event) => {
  if (event.target.matches("[data-all]")) return tickAll();
  if (!event.target.matches(".pick input")) return;
  if (event.shiftKey && last) tickTo(event.target);
  else tick(event.target, event.target.checked);
});

// What is still on screen after a decision about another ticket stays selected.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "results") ticked = picked().map((box) => box.name);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "results") return;
  for (const box of boxes()) box.checked = ticked.includes(box.name);
  count();
});
document.addEventListener("DOMContentLoaded", count);
