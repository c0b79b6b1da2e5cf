/* On every page: what waits on this phone, what it keeps, and buttons that answer at once. */

import { change, database, onScans, pages, read, root } from "./store.js";

const page = document.documentElement;
const AGAIN = 30_000;
const MOMENT = 2000;
const HTMX_WAIT = 6000;
const FILE_WAIT = 4000;

/** Load the queue only on a phone that keeps something: most pages never need it. */
const queue = () => import("./queue.js");
const hasScans = async () => (await read("scans")).length > 0;

/** What a phone that was at a desk keeps of it; others load nothing of that. */
const desk = async () => (await read("facts", "desk")) && import("./desk/items.js");

/** Settles when htmx can be used. It comes once the page is painted; taps before go the long way. */
export const htmxIsHere = new Promise((resolve, reject) => {
  if (!page.dataset.htmx) return;
  const script = document.createElement("script");
  script.src = page.dataset.htmx;
  script.onload = () => setTimeout(resolve);
  script.onerror = reject;
  requestAnimationFrame(() => setTimeout(() => document.head.append(script)));
  setTimeout(reject, HTMX_WAIT);
});
htmxIsHere.catch(() => {});

/** Wipe all this phone keeps; scans go too, so ask first. */
async function wipe() {
  await caches.delete(pages());
  indexedDB.deleteDatabase(database());
}

/** Make this phone somebody's: what another person kept here is not for them. */
async function settle(me) {
  const before = await read("facts", "me");
  if (before === me) return;
  if (before) {
    await caches.delete(pages());
    for (const table of ["keys", "desks", "guests"]) await change(table, "clear");
  }
  await change("facts", "put", me, "me");
}

async function count() {
  const scans = (await hasScans()) ? await (await queue()).scans() : [];
  const done = (await (await desk())?.items()) ?? [];
  const all = [...scans, ...done].filter(({ state }) => state !== "counted");
  const line = document.getElementById("waiting");
  const words = line.querySelector("a").dataset;
  const text = all.length === 1 ? words.one : words.many.replace("{n}", all.length);
  line.hidden = !all.length;
  line.querySelector("span").textContent = text;
}

function tellAge() {
  const line = document.getElementById("kept");
  if (!page.dataset.keptAt || !line) return;
  const at = new Date(Number(page.dataset.keptAt));
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { dateStyle: "medium" };
  const time = at.toLocaleString(page.lang, { ...day, timeStyle: "short" });
  line.querySelector("span").textContent = line.dataset.words.replace("{time}", time);
  line.hidden = false;
  document.getElementById("status").replaceChildren();
}

/** Show within the tap that something happens, and let a second tap do nothing. */
function answerTaps() {
  document.addEventListener("submit", (event) => {
    const { submitter: button } = event;
    if (!button || event.defaultPrevented || button.matches("[data-busy]")) return;
    button.dataset.busy = button.textContent;
    button.setAttribute("aria-busy", "true");
    if (!button.children.length) button.textContent = page.dataset.saving;
    setTimeout(() => (button.disabled = true));
    if (button.form.matches("[data-file]")) setTimeout(rest, FILE_WAIT);
  });
  const rest = () => {
    for (const button of document.querySelectorAll("[data-busy]")) {
      button.disabled = false;
      if (!button.children.length) button.textContent = button.dataset.busy;
      button.removeAttribute("data-busy");
      button.removeAttribute("aria-busy");
    }
  };
  addEventListener("pageshow", rest);
  document.addEventListener("htmx:finally:request", rest);
}

async function leave(event) {
  const form = event.target;
  if (!form.matches("[data-wipes]") || form.dataset.wipes === "now") return;
  event.preventDefault();
  await Promise.race([flush(), new Promise((resolve) => setTimeout(resolve, MOMENT))]);
  if (!document.getElementById("waiting").hidden && !form.dataset.asked) {
    form.dataset.asked = "yes";
    document.getElementById("status").textContent = form.dataset.loses;
    return;
  }
  await wipe();
  form.dataset.wipes = "now";
  form.submit();
}

/** Never ask by ourselves to be installed: only the list of events offers it, and not during an event. */
function offerInstall(event) {
  event.preventDefault();
  const row = document.getElementById("install");
  if (!row) return;
  row.hidden = false;
  row.querySelector("button").onclick = () => event.prompt();
}

/** What comes by itself waits while nobody looks at the page. */
function restUnseen(event) {
  if (document.hidden && event.detail.ctx.sourceEvent?.type === "every") event.preventDefault();
}

/** A tap that htmx could not send: a "yes, we talked" is kept, anything else has to be said again. */
async function unsent({ type, detail: { ctx } }) {
  const form = ctx?.sourceElement;
  const isOurs = type === "htmx:response:error" && ctx.response.raw.status < 500;
  if (isOurs || !form?.matches?.("form")) return;
  if (form.elements.nonce && document.getElementById("offline-kept")) {
    const { keepForm } = await import("./kept.js");
    await keepForm(form);
  } else {
    const status = document.getElementById("status");
    status.textContent = page.dataset.lost;
    status.scrollIntoView({ block: "nearest" });
  }
}

async function flush() {
  await count();
  if (navigator.onLine && (await hasScans())) {
    const { send } = await queue();
    await send(root).catch(() => {});
  }
  await (await desk())?.visit().catch(() => {});
  await count();
}

async function start() {
  tellAge();
  addEventListener("beforeinstallprompt", offerInstall);
  document.addEventListener("submit", leave);
  answerTaps();
  document.addEventListener("htmx:before:request", restUnseen);
  document.addEventListener("htmx:error", unsent);
  document.addEventListener("htmx:response:error", unsent);
  if (page.dataset.me) await settle(page.dataset.me);
  onScans(count);
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  setInterval(flush, AGAIN);
  await flush();
  await beServed();
}

/** Let the worker serve this place; it has not seen the page that brought it, so name it.
 *  Where the network left in between, the next page tries again. */
async function beServed() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const isNew = !workers.controller;
  const isThere = await workers.register(`${root}/sw.js`, { type: "module" }).catch(() => false);
  if (isThere && isNew) (await workers.ready).active.postMessage(location.href);
}

start();
