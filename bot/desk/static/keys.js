// The desk's keyboard. Letters count by their place on the keyboard where another script is typed.
"use strict";

const TWICE_MS = 200;
const DECIDING = "arcm";
let lastKey = "";
let lastAt = 0;

const line = () => document.activeElement?.closest("[data-line]");
const onTicket = () => document.querySelector(".ticket[data-ticket]");
const focus = (id) => document.getElementById(id)?.focus();

function press(state) {
  if (picked().length) return document.querySelector(`#bulk button[value="${state}"]`).click();
  (line() ?? onTicket())?.querySelector(`button[data-key="${state}"]`)?.click();
}

function ask() {
  const open = line()?.querySelector("a.open");
  if (open) location.href = `${open.getAttribute("href")}#ask`;
  else toComposer();
}

function toComposer() {
  const composer = document.querySelector("#ask textarea, textarea#ask, #question");
  composer?.focus();
}

function close() {
  if (picked().length) return focus("bulk-outcome");
  if (onTicket()) return focus("outcome");
  line()?.querySelector("[data-close]")?.click();
}

function tag() {
  if (onTicket()) return focus("add-tag");
  const box = line()?.querySelector(".pick input");
  if (!picked().length && box) tick(box, true);
  focus("bulk-tag");
}

function select(shift) {
  const box = line()?.querySelector(".pick input");
  if (box) shift ? tickTo(box) : tick(box, !box.checked);
}

function saveView() {
  const folded = document.getElementById("save-view")?.parentElement;
  if (!folded) return;
  folded.open = true;
  focus("view-name");
}

// One press, one act: neither a key held down nor one that bounces decides about the next ticket.
const acts = {
  a: () => press("accepted"),
  r: () => press("rejected"),
  c: close,
  q: ask,
  x: (event) => select(event.shiftKey),
  "*": () => tickAll(),
  t: tag,
  n: () => focus("note"),
  m: () => document.querySelector("[data-take]")?.click(),
  u: () => { if (onTicket()) location.href = "/"; },
  v: () => document.querySelector("#views button.view")?.focus(),
  s: saveView,
  "/": () => focus("query"),
  "?": help,
};
const moves = {
  j: () => focusLine(current() + 1),
  k: () => focusLine(current() - 1),
  ArrowDown: () => focusLine(current() + 1),
  ArrowUp: () => focusLine(current() - 1),
};

function named(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key in acts || key in moves) return key;
  return /^\p{L}$/u.test(key) && event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : key;
}

function numbered(event) {
  const number = Number(event.key);
  if (!number) return false;
  const buttons = event.target.closest?.("#closing") ?? (event.target.closest?.("#views") || null);
  const all = buttons?.querySelectorAll(buttons.id === "closing" ? "button[name=outcome]" : "button.view");
  all?.[number - 1]?.click();
  return Boolean(all);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const field = event.target.closest?.("input:not([type=radio], [type=checkbox]), select, textarea");
  if (event.key === "Escape" && field) field.blur();
  if (event.target.id === "query" && ["ArrowDown", "Enter"].includes(event.key)) focusLine(0);
  if (event.key === "Enter" && event.target.id === "bulk-tag") {
    event.preventDefault();
    document.querySelector("#bulk button[value=tag]").click();
  }
  if (field || (!event.repeat && numbered(event)) || event.target.closest?.("dialog")) return;
  const key = named(event);
  if (key in moves) {
    if (key.startsWith("Arrow") && current() < 0) return;
    event.preventDefault();
    moves[key]();
  } else if (key in acts) {
    event.preventDefault();
    const slipped = DECIDING.includes(key) && key === lastKey && event.timeStamp - lastAt < TWICE_MS;
    if (event.repeat || slipped) return;
    [lastKey, lastAt] = [key, event.timeStamp];
    acts[key](event);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-close]");
  if (!button || (button.dataset.theirs && !confirm(button.dataset.theirs))) return;
  const dialog = document.getElementById("closing");
  dialog.querySelector("[data-id]").textContent = button.dataset.close;
  dialog.dataset.ticket = button.closest("[data-line]").dataset.line;
  button.closest("[data-line]").querySelector("a.open").focus();
  dialog.showModal();
});

document.addEventListener("submit", (event) => {
  const dialog = event.target.closest("#closing");
  if (!dialog || event.target.method === "dialog") return;
  event.preventDefault();
  dialog.close();
  const values = { csrf: event.target.csrf.value, from: "queue", state: "done", outcome: event.submitter.value };
  htmx.ajax("POST", `/tickets/${dialog.dataset.ticket}/state`, { target: "#results", swap: "outerHTML", values });
});

document.addEventListener("DOMContentLoaded", () => { if (location.hash === "#ask") toComposer(); });
