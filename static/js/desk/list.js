/* The list of guests on a helper's phone: for when there is no network, and not for long. */

import { change, pages, read, root } from "../store.js";
import { findable, found, partsOf } from "./folding.js";

const DIGEST_BYTES = 6;
const PATIENCE = 20_000;

/** How many guests a search shows. */
export const MOST = 20;

/** Return when the list of an event was last compared with the server's, and how long it is. */
export const facts = (event) => read("desks", event);

/** Forget an event's list, and the pages that show parts of it. */
export async function forget(event) {
  await change("desks", "delete", event);
  await change("guests", "delete", event);
  const cache = await caches.open(pages());
  for (const { url } of await cache.keys()) {
    if (new URL(url).pathname.startsWith(`${root}/events/${event}/desk`)) await cache.delete(url);
  }
}

/** Forget lists whose time is over: half a day after the end of their events. */
export async function tidy(now = Date.now()) {
  for (const { event, until } of await read("desks")) if (until < now) await forget(event);
}

/** The guests of one event. */
export class List {
  #guests = [];
  #here = [];
  #texts = null;
  #byDigest = null;
  at = 0;
  zone = undefined;

  constructor(event) {
    this.event = event;
  }

  get size() {
    return this.#guests.length;
  }

  /** How many of them have come. */
  get here() {
    return this.#here.filter(Boolean).length;
  }

  /** Read what the phone has; false if it has nothing. */
  async open() {
    const [known, kept] = [await facts(this.event), await read("guests", this.event)];
    if (!known || !kept) return false;
    this.#take(known, kept);
    return true;
  }

  /** Compare with the server's list, and take what has changed; false without an answer. */
  async renew() {
    const known = await facts(this.event);
    const answer = await fetch(`${root}/events/${this.event}/desk/list?list=${known?.list ?? ""}`, {
      cache: "no-store",
      headers: known ? { "If-None-Match": known.etag } : {},
      signal: AbortSignal.timeout(PATIENCE),
    });
    if ([403, 404].includes(answer.status)) await forget(this.event);
    if (answer.redirected || !(answer.ok || answer.status === 304)) return false;
    const at = Date.now();
    if (answer.status === 304) {
      await this.#keep({ ...known, at });
      return true;
    }
    const { guests, here, list, until, zone, base } = await answer.json();
    const kept = {
      event: this.event,
      guests: guests ?? (await read("guests", this.event)).guests,
      here: here.map((since) => (since === null ? null : base + since)),
    };
    await change("guests", "put", kept);
    const etag = answer.headers.get("ETag");
    await this.#keep({ event: this.event, etag, list, zone, until: until * 1000, at });
    this.#take(await facts(this.event), kept);
    return true;
  }

  async #keep(known) {
    this.at = known.at;
    await change("desks", "put", known);
  }

  #take({ at, zone }, { guests, here }) {
    [this.at, this.zone, this.#guests, this.#here] = [at, zone, guests, here];
    this.#texts = this.#byDigest = null;
  }

  /** Return the guests found by a few letters, the best first. */
  find(letters) {
    this.#texts ??= this.#guests.map(([, name, organisation]) => findable(name, organisation));
    const parts = partsOf(letters);
    if (letters.trim() && !parts.length) return [];
    return found(this.#texts, parts, MOST).map((number) => this.#guest(number));
  }

  /** Return the guest whose printed badge bears a code; undefined if none, or if nobody can tell. */
  async wearer(code) {
    if (!globalThis.crypto?.subtle) return undefined;
    this.#byDigest ??= new Map(this.#guests.map(([, , , digest], number) => [digest, number]));
    const number = this.#byDigest.get(await digestOf(code));
    return number === undefined ? undefined : this.#guest(number);
  }

  #guest(number) {
    const [id, name, organisation] = this.#guests[number];
    return { id, name, organisation, since: this.#here[number] };
  }
}

/** Return by what a list knows a printed code; nobody finds the code from it. */
export async function digestOf(code) {
  const sha = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  const first = String.fromCharCode(...new Uint8Array(sha).subarray(0, DIGEST_BYTES));
  return btoa(first).replaceAll("+", "-").replaceAll("/", "_");
}
