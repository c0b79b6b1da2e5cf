/* What both screens of the desk share: the list on this phone, what waits, and the words for it. */

import { change, onScans } from "../store.js";
import { checkIn, drop, items, send, settle, standing, undo } from "./items.js";
import { List } from "./list.js";

const SCREENS = ["desk.js", "scanning.js"].map((name) => new URL(name, import.meta.url).href);
const EVERY = 60_000;
const SOON = 5000;

/** The part of the page that holds this phone's words. */
export const phone = document.getElementById("phone");
/** The event of this page. */
export const event = phone.dataset.event;
/** Its guests, as far as this phone knows them. */
export const list = new List(event);

const copy = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);
const part = (node, name) => node.querySelector(`[data-${name}]`);

/** Write the time of day where the event is. */
export function timeOf(ms) {
  const how = { timeStyle: "short", timeZone: list.zone };
  return new Date(ms).toLocaleTimeString(document.documentElement.lang, how);
}

/** Fill the places for a time and a number in words of the page. */
export const say = (name, { time, n, here } = {}) =>
  phone.dataset[name]
    .replace("{time}", time && timeOf(time))
    .replace("{n}", n)
    .replace("{here}", here);

/** Return a copy of a template that shows a guest as they stand, with the button that fits. */
export function shown(template, guest) {
  const node = copy(template);
  const isHere = Boolean(guest.since);
  node.dataset.guest = guest.id;
  node.dataset.since = guest.known ?? "";
  node.id = `guest-${guest.id}`;
  part(node, "name").textContent = guest.name;
  const open = part(node, "open");
  if (open) open.href = phone.dataset.guestUrl.replace("/-/", `/${guest.id}/`);
  const organisation = part(node, "organisation");
  organisation.textContent = guest.organisation;
  if (open && guest.organisation) organisation.after(" · ");
  part(node, "state").textContent = say(guest.state, { time: guest.since * 1000 });
  const button = part(node, "verb");
  button.dataset.verb = isHere ? "undo" : "in";
  const word = isHere ? (guest.state === "before" ? "back" : "undo") : "in";
  button.textContent = phone.dataset[word];
  button.setAttribute("aria-label", `${button.textContent}: ${guest.name}`);
  button.classList.toggle("plain", isHere);
  return node;
}

/** Return a guest as they stand with what this phone did. */
export const now = async (guest) => standing(guest, await items(event));

/** Do what a button says, keep it, and send it when there is a network. */
export async function act(verb, guest, code) {
  await (verb === "undo" ? undo(event, guest) : checkIn(event, guest, code));
  send().catch(() => {});
  return now(guest);
}

function refusedRow(item) {
  const row = copy("refused-row");
  part(row, "name").textContent = item.guest?.name ?? "";
  part(row, "words").textContent = item.words;
  part(row, "seen").addEventListener("click", () => drop(item.nonce));
  return row;
}

/** Say how many are here, what was refused, and how old the list is. */
export async function tell() {
  const refused = (await items(event)).filter(({ state }) => state === "refused");
  document.getElementById("refused").replaceChildren(...refused.map(refusedRow));
  const age = document.getElementById("age");
  age.textContent = list.at ? say("age", { time: list.at, n: list.size }) : phone.dataset.none;
  phone.hidden = false;
  const count = document.getElementById("count");
  if (count && list.at) count.textContent = say("count", { n: list.size, here: list.here });
}

async function renew() {
  if (document.hidden || !navigator.onLine) return;
  if (await list.renew().catch(() => false)) await settle(event, list.at);
  await tell();
}

/** Let the worker keep the scripts of both screens: it may have come after them. */
async function keepScripts() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  if (!workers.controller) {
    await new Promise((done) => workers.addEventListener("controllerchange", done, { once: true }));
  }
  const scripts = performance.getEntriesByType("resource").map(({ name }) => name);
  const ours = scripts.filter((name) => name.includes("/static/"));
  for (const url of new Set([...SCREENS, ...ours])) await fetch(url);
}

/** Open what the phone has, then keep it fresh for as long as somebody looks. */
export async function start() {
  const { one, many } = phone.dataset;
  Object.assign(document.querySelector("#waiting a").dataset, { one, many });
  await change("facts", "put", true, "desk").catch(() => {});
  await list.open().catch(() => false);
  await tell();
  onScans(tell);
  addEventListener("online", () => (send().catch(() => {}), renew()));
  document.addEventListener("visibilitychange", renew);
  setInterval(renew, EVERY);
  setInterval(() => navigator.onLine && send().catch(() => {}), SOON);
  send().catch(() => {});
  renew();
  keepScripts().catch(() => {});
}
