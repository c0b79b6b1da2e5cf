/* The desk: found as one types, by the server or from the list on this phone; checked in at once. */

import { act, list, now, phone, say, shown, start } from "./phone.js";
import { items } from "./items.js";
import { MOST } from "./list.js";
import { onScans } from "../store.js";

const FRAGMENT = { "HX-Request": "true", "HX-Request-Type": "partial" };
const TYPED = 120;
const PATIENCE = 1000;
const GIVES_UP = 8000;

const form = document.getElementById("find");
const field = document.getElementById("q");
const heard = document.getElementById("heard");
const box = () => document.getElementById("guests");
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let turn = 0;

/** Ask the server; null if it does not answer, or not with guests. */
async function ask(letters) {
  if (!navigator.onLine) return null;
  const url = `${form.action}?${new URLSearchParams({ q: letters })}`;
  try {
    const how = { headers: FRAGMENT, signal: AbortSignal.timeout(GIVES_UP) };
    const answer = await fetch(url, how);
    const html = answer.ok && !answer.redirected ? await answer.text() : "";
    const fresh = document.createRange().createContextualFragment(html).firstElementChild;
    return fresh?.id === "guests" ? fresh : null;
  } catch {
    return null;
  }
}

/** Find by what was typed: from this phone's list where the server takes longer than a moment. */
async function search() {
  const mine = ++turn;
  const letters = field.value.trim();
  const server = ask(letters);
  const early = await Promise.race([server, pause(PATIENCE)]);
  if (mine !== turn) return;
  if (!early) await showKept(letters);
  const fresh = await server;
  if (fresh && mine === turn) await put(fresh);
}

async function put(fresh) {
  box().replaceWith(fresh);
  await refresh();
  const count = box().querySelectorAll("[data-guest]").length;
  heard.textContent = count ? say("found", { n: count }) : phone.dataset.nobody;
}

const empty = (words, tag = "p") =>
  Object.assign(document.createElement(tag), { className: "empty", textContent: words });

async function showKept(letters) {
  if (!list.size) return;
  const guests = list.find(letters);
  const all = await Promise.all(guests.map(now));
  const fresh = Object.assign(document.createElement("div"), { id: "guests" });
  const rows = Object.assign(document.createElement("ul"), { className: "rows" });
  rows.append(...all.map((guest) => shown("guest-row", guest)));
  fresh.append(empty(say("kept", { time: list.at })), rows);
  if (!all.length) rows.append(empty(phone.dataset.nobody, "li"));
  if (all.length === MOST) fresh.append(empty(phone.dataset.more));
  await put(fresh);
}

/** Return the guest a row shows. */
function guestOf(row) {
  const text = (name) => row.querySelector(`[data-${name}]`)?.textContent ?? "";
  const known = Number(row.dataset.since) || null;
  return { id: row.dataset.guest, name: text("name"), organisation: text("organisation"), known };
}

/** Let rows show what this phone did since they were made. */
async function refresh() {
  const done = new Set((await items()).map((item) => item.guest?.id));
  for (const row of box().querySelectorAll("[data-guest]")) {
    if (!done.has(row.dataset.guest) && !row.matches("[data-own]")) continue;
    const guest = await now(guestOf(row));
    const fresh = shown("guest-row", guest);
    if (fresh.textContent === row.textContent) continue;
    const hadFocus = row.contains(document.activeElement);
    row.replaceWith(fresh);
    if (hadFocus) fresh.querySelector("[data-verb]").focus();
  }
}

async function tap(event) {
  const button = event.type === "submit" ? event.submitter : event.target.closest("button[data-verb]");
  const row = button?.closest("[data-guest]");
  if (!row) return;
  event.preventDefault();
  const own = event.type === "submit" ? event.target : button;
  try {
    const guest = await act(own.dataset.verb, guestOf(row));
    heard.textContent = `${guest.name}, ${say(guest.state, { time: guest.since * 1000 })}`;
  } catch {
    if (event.type === "submit") event.target.submit();
    else document.getElementById("status").textContent = phone.dataset.full;
  }
  await refresh();
}

let timer;
function type() {
  clearTimeout(timer);
  timer = setTimeout(search, TYPED);
}

function look(event) {
  event.preventDefault();
  clearTimeout(timer);
  search();
}

/** Whoever was looked for in vain is added without typing the name again. */
function fillIn({ target }) {
  const name = target.querySelector("[name=name]");
  if (!target.open) return;
  if (!name.value && !box().querySelector("[data-guest]")) name.value = field.value.trim();
  name.focus();
}

document.getElementById("add").addEventListener("toggle", fillIn);
const isOfRow = ({ target }) => target.closest?.("#guests");
field.addEventListener("input", type);
const before = { capture: true };
document.addEventListener("submit", (event) => event.target === form && look(event), before);
document.addEventListener("submit", (event) => isOfRow(event) && tap(event), before);
document.addEventListener("click", (event) => isOfRow(event) && tap(event));
onScans(refresh);
await start();
if (document.documentElement.dataset.keptAt) await search();
else await refresh();
