/* Scans made without a network: kept, counted once, sent when it is back. */

import { offsetNow } from "./clock.js";
import { change, pages, read, tellScans } from "./store.js";

const SOON = 300;
const MOST_FAILURES = 8;
const SHOWN_FOR = 24 * 3600 * 1000;
const PATIENCE = 15_000;

/** Return a key that is counted once, however often it is sent. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** Keep a scan until it is sent; rejects if the phone has no room even after pages made some. */
export async function keep({ code, event = "", nonce = newKey(), at = Date.now() }) {
  const known = await read("scans", nonce);
  if (known) return known;
  const [owner, offset] = [await read("facts", "me"), await read("facts", "offset")];
  const scan = { nonce, code, event, at, offset, owner, state: "waiting" };
  try {
    await change("scans", "put", scan);
  } catch {
    await caches.delete(pages());
    await change("scans", "put", scan);
  }
  tellScans();
  return scan;
}

/** Forget a scan, sent or not. */
export async function drop(nonce) {
  await change("scans", "delete", nonce);
  tellScans();
}

/** Return all kept scans of whoever is signed in, the latest first. */
export async function scans() {
  const me = await read("facts", "me");
  const all = await read("scans");
  return all.filter((scan) => scan.owner === me).sort((a, b) => b.at - a.at);
}

/** Return those that still wait. */
export const waiting = async () => (await scans()).filter((scan) => scan.state === "waiting");

/** Send what waits; one tab or worker at a time where the browser can tell. */
export async function send(root) {
  if (!(await waiting()).length) return;
  const work = () => sendAll(root);
  await (navigator.locks ? navigator.locks.request("bowline-inbox", work) : work());
}

async function sendAll(root) {
  let failures = 0;
  let key;
  for (;;) {
    const due = (await waiting()).filter((scan) => !(scan.after > Date.now()));
    if (!due.length) break;
    try {
      key ??= await keyOfInbox(root);
      const mine = key ? due.filter((scan) => scan.owner === key.me) : [];
      if (!mine.length) return;
      await sendSome(root, key, mine.slice(0, key.most));
      failures = 0;
    } catch (error) {
      if (error.isFinal || ++failures >= MOST_FAILURES) return;
      await new Promise((resolve) => setTimeout(resolve, SOON * failures));
    }
  }
  await tidy();
}

async function keyOfInbox(root) {
  const answer = await fetch(`${root}/inbox`, { signal: AbortSignal.timeout(PATIENCE) });
  if (answer.redirected || answer.status === 403) return null;
  if (!answer.ok) throw new Error(answer.status);
  const key = await answer.json();
  return { ...key, offset: offsetNow(key.now) };
}

/** Seconds since something was kept; a clock set right in between does not make it older. */
export function ageOf(at, offset, key) {
  const moved = offset === undefined ? 0 : key.offset - offset;
  return Math.max(0, (Date.now() + moved - at) / 1000);
}

async function sendSome(root, key, due) {
  const body = due.map(({ nonce, code, event, at, offset }) => ({
    nonce,
    code,
    event,
    age: ageOf(at, offset, key),
  }));
  const answer = await fetch(`${root}/inbox`, {
    method: "POST",
    signal: AbortSignal.timeout(PATIENCE),
    body: new URLSearchParams({ csrf_token: key.token, me: key.me, scans: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    throw Object.assign(new Error(answer.status), { isFinal: answer.status < 500 });
  }
  const { answers } = await answer.json();
  for (const told of answers) await note(due.find((scan) => scan.nonce === told.nonce), told);
  tellScans();
}

async function note(scan, { state, words, seconds, url }) {
  if (!scan) return;
  const next =
    state === "later"
      ? { ...scan, words, after: Date.now() + 1000 * Math.max(1, seconds) }
      : { ...scan, state, words, url };
  await change("scans", "put", next);
}

/** Forget what was counted a day ago; what was refused stays until its owner has seen it. */
async function tidy() {
  for (const scan of await read("scans")) {
    if (scan.state === "counted" && Date.now() - scan.at > SHOWN_FOR) {
      await change("scans", "delete", scan.nonce);
    }
  }
}
