/* The service worker: shows what the phone keeps when there is no network, and keeps scans. */

import { keep, send } from "./queue.js";
import { change, pages as cacheOfPages, read, under } from "./store.js";

const KEEP = "Bowline-Keep";
const PATIENCE = { page: 5000, scan: 6000, word: 10_000 };
const AGE = 10 * 60_000;

/** Serve one build under one root. */
export function serve(worker, { build, root, files, shells }) {
  const FILES = `bowline-files${root}-${build}`;
  under(root);
  const PAGES = cacheOfPages();

  async function install() {
    const cache = await caches.open(FILES);
    await cache.addAll([...files, ...shells].map((url) => new Request(url, { cache: "reload" })));
    await worker.skipWaiting();
  }

  async function activate() {
    for (const name of await caches.keys()) {
      if (name.startsWith(`bowline-files${root}-`) && name !== FILES) await caches.delete(name);
    }
    await worker.clients.claim();
  }

  const within = (work, ms) =>
    Promise.race([
      work,
      new Promise((_, fail) => setTimeout(() => fail(new Error("no answer in time")), ms)),
    ]);

  /** Keep a page as it is now, marked with the time. */
  async function keepPage(url, response) {
    const html = await response.text();
    const marked = html.replace("<html ", `<html data-kept-at="${Date.now()}" `);
    const headers = { "Content-Type": "text/html; charset=utf-8" };
    const pages = await caches.open(PAGES);
    await pages.put(url, new Response(marked, { headers }));
    if (/\/events\/[^/]+\/meet$/.test(url)) await change("facts", "put", url, "meet");
    if (url.endsWith(`${root}/people`)) await forgetPeople(pages, html);
  }

  /** Forget the pages of people who are not on the list any more, or who show other links now. */
  async function forgetPeople(pages, html) {
    for (const { url } of await pages.keys()) {
      const { pathname } = new URL(url);
      if (!pathname.startsWith(`${root}/people/`)) continue;
      const page = await (await pages.match(url)).text();
      const [stamp] = page.match(/data-stamp="\w+"/) ?? [];
      if (!html.includes(`"${pathname}" ${stamp}`)) await pages.delete(url);
    }
  }

  /** Keep the pages that belong to one just shown, unless they are fresh. */
  async function keepMore(urls) {
    const pages = await caches.open(PAGES);
    for (const url of urls.map((path) => new URL(path, worker.location).href)) {
      const known = await pages.match(url);
      const [, at] = (known && (await known.text()).match(/data-kept-at="(\d+)"/)) ?? [];
      if (at && Date.now() - at < AGE) continue;
      const response = await fetch(url);
      if (response.ok && response.headers.has(KEEP)) await keepPage(url, response);
    }
  }

  async function forgetPerson() {
    await caches.delete(PAGES);
    for (const table of ["keys", "desks", "guests"]) await change(table, "clear");
  }

  async function learn(url, response) {
    const path = new URL(url).pathname;
    if (path === `${root}/sign-in` && response.ok) return forgetPerson();
    if (response.status === 404) return (await caches.open(PAGES)).delete(url);
    if (!response.ok || !response.headers.has(KEEP)) return undefined;
    const also = response.headers.get(KEEP).split(" ").filter(Boolean);
    await keepPage(url, response);
    await keepMore(also);
    return send(root);
  }

  const isScan = (path) => /^\/(b\/[^/]+|l\/[^/]+\/[^/]+|events\/[^/]+\/ask)$/i.test(path);

  async function show(event) {
    const { url } = event.request;
    const path = new URL(url).pathname.slice(root.length);
    const wait = isScan(path) ? PATIENCE.scan : PATIENCE.page;
    const pages = await caches.open(PAGES);
    const network = fetch(event.request);
    const kept = await pages.match(url);
    try {
      const response = await (kept || isScan(path) ? within(network, wait) : network);
      if (response.status < 500 || !(kept || isScan(path))) {
        event.waitUntil(learn(url, response.clone()).catch(() => {}));
        return response;
      }
    } catch {
      /* no network, or too slow a one: what the phone keeps is shown below */
    }
    return kept ?? without(path);
  }

  async function without(path) {
    if (path === "/" || path === "/meet") {
      const meet = await read("facts", "meet");
      if (meet) return Response.redirect(meet, 303);
    }
    if (shells.includes(root + path)) return caches.match(root + path);
    return caches.match(`${root}/offline/${isScan(path) ? "ask" : "nothing"}`);
  }

  /** Send a "yes, we talked"; without an answer, keep it under the same key. */
  async function say(event) {
    const copy = event.request.clone();
    const path = new URL(event.request.url).pathname.slice(root.length);
    try {
      const response = await within(fetch(event.request), PATIENCE.word);
      if (response.status < 500) return response;
    } catch {
      /* kept below */
    }
    const form = await copy.formData();
    const nonce = form.get("nonce");
    const seen = Number(form.get("seen_at")) * 1000 - ((await read("facts", "offset")) ?? 0);
    await keep({ code: form.get("code"), event: path.split("/")[2], nonce, at: seen });
    await worker.registration.sync?.register("scans").catch(() => {});
    if (event.request.mode !== "navigate") return Response.error();
    return Response.redirect(`${root}/offline/ask?kept=${nonce}`, 303);
  }

  async function file(request) {
    const known = await caches.match(request);
    if (known) return known;
    const response = await fetch(request);
    const isOurs = new URL(request.url).pathname.startsWith(`${root}/static/${build}/`);
    if (response.ok && isOurs) (await caches.open(FILES)).put(request, response.clone());
    return response;
  }

  worker.addEventListener("install", (event) => event.waitUntil(install()));
  worker.addEventListener("activate", (event) => event.waitUntil(activate()));
  worker.addEventListener("message", (event) => {
    event.waitUntil(fetch(event.data).then((response) => learn(event.data, response)));
  });
  worker.addEventListener("sync", (event) => event.waitUntil(send(root)));
  worker.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== worker.location.origin || !url.pathname.startsWith(root)) return;
    const path = url.pathname.slice(root.length);
    const isClaim = request.method === "POST" && /^\/events\/[^/]+\/talks$/.test(path);
    if (isClaim && request.mode === "navigate") event.respondWith(say(event));
    else if (request.method === "POST" && request.mode === "navigate") {
      event.respondWith(fetch(request).catch(() => without(path)));
    } else if (request.method !== "GET") return;
    else if (path.startsWith("/static/")) event.respondWith(file(request));
    else if (request.mode === "navigate") event.respondWith(show(event));
  });
}
