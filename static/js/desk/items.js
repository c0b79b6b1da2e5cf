/* What a helper did at the desk: kept on this phone until the server has it, and counted once. */

import { ageOf, newKey } from "../queue.js";
import { change, read, root, tellScans } from "../store.js";
import { offsetNow } from "../clock.js";

const PATIENCE = 10_000;
const SOON = 1000;
const MOST_FAILURES = 3;

/** Return what the signed-in helper did and the server may not know, the oldest first. */
export async function items(event) {
  const me = await read("facts", "me");
  const all = (await read("items")).filter((one) => one.owner === me);
  return all.filter((one) => !event || one.event === event).sort((a, b) => a.at - b.at);
}

/** Return those that still wait. */
export const waiting = async (event) =>
  (await items(event)).filter(({ state }) => state === "waiting");

async function keep(item) {
  const [owner, offset] = [await read("facts", "me"), await read("facts", "offset")];
  const kept = { nonce: newKey(), at: Date.now(), offset, owner, state: "waiting", ...item };
  await change("items", "put", kept);
  tellScans();
  return kept;
}

/** Forget an item. */
export async function drop(nonce) {
  await change("items", "delete", nonce);
  tellScans();
}

/** Keep that a guest came: who they are, or what was scanned. */
export const checkIn = (event, guest, code = "") => keep({ event, verb: "in", guest, code });

/** Keep that a check-in was a mistake; one that has not been sent is simply forgotten. */
export async function undo(event, guest) {
  const own = (await items(event)).findLast((one) => one.guest?.id === guest.id && isIn(one));
  if (own?.state === "waiting" && !own.isTried) {
    await drop(own.nonce);
    return null;
  }
  const of = own?.state === "waiting" ? own.nonce : "";
  return keep({ event, verb: "undo", guest, code: "", of, seen: of ? null : guest.known ?? guest.since });
}

const isIn = ({ verb, state }) => verb === "in" && state !== "refused";

/** Return how a guest stands when what this phone did is added to what the server last said. */
export function standing(guest, all) {
  let known = guest.known === undefined ? guest.since : guest.known;
  let since = known;
  let state = since ? "here" : "absent";
  for (const one of all.filter((item) => item.guest?.id === guest.id && item.state !== "refused")) {
    if (one.state === "counted") {
      since = known = one.since;
      state = since ? (one.isBefore ? "before" : "here") : "absent";
    } else if (one.verb === "undo") [since, state] = [null, "undone"];
    else if (since) state = "before";
    else [since, state] = [Math.floor(one.at / 1000), "waits"];
  }
  return { ...guest, known, since, state };
}

/** Forget what the server counted before a list was compared with it: the list says so itself. */
export async function settle(event, at) {
  for (const one of await items(event)) {
    if (one.state === "counted" && one.countedAt < at) await change("items", "delete", one.nonce);
  }
}

/** On any page: forget lists whose time is over, and send what waits. */
export async function visit() {
  if ((await read("desks")).some(({ until }) => until < Date.now())) {
    await (await import("./list.js")).tidy();
  }
  if (navigator.onLine) await send();
}

let isSending = null;

/** Send what waits, one batch after the other; settles when nothing more can be sent now. */
export function send() {
  isSending ??= sendAll().finally(() => (isSending = null));
  return isSending;
}

async function sendAll() {
  const work = async () => {
    for (const event of new Set((await waiting()).map((one) => one.event))) await sendFor(event);
  };
  await (navigator.locks ? navigator.locks.request("bowline-desk", work) : work());
}

async function sendFor(event) {
  let failures = 0;
  let key;
  for (;;) {
    const due = (await waiting(event)).filter(({ after }) => !(after > Date.now()));
    if (!due.length) return;
    try {
      key ??= await keyOf(event);
      const mine = key ? due.filter(({ owner }) => owner === key.me) : [];
      if (!mine.length) return;
      await sendSome(event, key, mine.slice(0, key.most));
      failures = 0;
    } catch (error) {
      if (error.isFinal || ++failures >= MOST_FAILURES) return;
      await new Promise((resolve) => setTimeout(resolve, SOON * failures));
    }
  }
}

const inbox = (event) => `${root}/events/${event}/desk/inbox`;

async function keyOf(event) {
  const answer = await fetch(inbox(event), { signal: AbortSignal.timeout(PATIENCE) });
  if (answer.redirected || [403, 404].includes(answer.status)) return null;
  if (!answer.ok) throw new Error(answer.status);
  const key = await answer.json();
  return { ...key, offset: offsetNow(key.now) };
}

async function post(event, key, some) {
  const body = some.map(({ nonce, verb, guest, code, seen, of, at, offset }) => ({
    nonce,
    verb,
    guest: code ? "" : guest.id,
    code,
    seen: seen ?? null,
    of: of ?? "",
    age: ageOf(at, offset, key),
  }));
  const answer = await fetch(inbox(event), {
    method: "POST",
    signal: AbortSignal.timeout(PATIENCE),
    body: new URLSearchParams({ csrf_token: key.token, me: key.me, items: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    throw Object.assign(new Error(answer.status), { isFinal: answer.status < 500 });
  }
  return (await answer.json()).answers;
}

async function sendSome(event, key, some) {
  for (const one of some) await change("items", "put", { ...one, isTried: true });
  const answers = await post(event, key, some);
  for (const told of answers) await note(some.find((one) => one.nonce === told.nonce), told);
  tellScans();
}

async function note(item, told) {
  if (!item) return;
  const next = { ...item, ...heard(told), isTried: true };
  if (!(await read("items", item.nonce))) return;
  await change("items", "put", next);
}

/** Return what an answer says about an item. */
function heard({ state, words, seconds, first, guest }) {
  if (state === "later") return { words, after: Date.now() + 1000 * Math.max(1, seconds) };
  const [, , , since] = guest ?? [];
  return { state, words, since: since ?? null, isBefore: !first, countedAt: Date.now() };
}

/** Ask about a badge this phone does not know, and check its wearer in; rejects without an answer. */
export async function askAndCheckIn(event, code) {
  const key = await keyOf(event);
  if (!key) throw new Error("no inbox");
  const [owner, offset] = [key.me, key.offset];
  const item = { nonce: newKey(), event, verb: "in", code, at: Date.now(), offset, owner };
  const [told] = await post(event, key, [item]);
  const [id, name, organisation] = told.guest ?? [];
  const guest = id ? { id, name, organisation, since: told.guest[3] } : null;
  if (told.state === "counted") {
    await change("items", "put", { ...item, guest, ...heard(told), isTried: true });
    tellScans();
  }
  return { ...told, guest };
}
