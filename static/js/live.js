/* My live code, computed on this phone: RFC 6238 with HMAC-SHA256, a new one every 15 s. */

import { correction, generate } from "../vendor/lean-qr/nano.mjs";
import { better, offsetNow } from "./clock.js";
import { change, read } from "./store.js";

const STEP = 15_000;
const LOOK = 3000;
const QUIET = 4;
const FRAGMENT = { "HX-Request": "true", "HX-Request-Type": "partial" };
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const card = () => document.getElementById("live-code");
let offset;

function bytesOf(base32) {
  let bits = 0;
  let value = 0;
  const bytes = [];
  for (const letter of base32.replace(/=+$/, "")) {
    value = (value << 5) | RFC_4648.indexOf(letter);
    bits += 5;
    if (bits >= 8) bytes.push((value >>> (bits -= 8)) & 255);
  }
  return Uint8Array.from(bytes);
}

/** Make a key no script can read again from what the server gave. */
export function keyOf(secret) {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", bytesOf(secret), hmac, false, ["sign"]);
}

/** Return the 31-bit number of one step: RFC 4226, section 5.3, with HMAC-SHA256 (RFC 6238). */
export async function valueOf(key, step) {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter));
  return mac.getUint32(mac.getUint8(mac.byteLength - 1) & 15) & 0x7fffffff;
}

/** Return the six characters that prove one step: the low 30 bits of its number. */
export async function proofOf(key, step) {
  const value = await valueOf(key, step);
  return [25, 20, 15, 10, 5, 0].map((shift) => CROCKFORD[(value >>> shift) & 31]).join("");
}

/** Return the symbol of a text as one SVG path, with the size of its frame. */
export function pictureOf(text) {
  const symbol = generate(text, { minCorrectionLevel: correction.M });
  let path = "";
  for (let y = 0; y < symbol.size; y++) {
    for (let x = 0; x < symbol.size; x++) {
      let run = 0;
      while (symbol.get(x + run, y)) run++;
      if (run) path += `M${x + QUIET} ${y + QUIET}h${run}v1h-${run}z`;
      x += run;
    }
  }
  return { path, size: symbol.size + 2 * QUIET };
}

let known;
async function keyOfBadge({ event, badge, key: url }) {
  known ??= await read("keys", event);
  if (known?.badge === badge) return known;
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(answer.status);
  const told = await answer.json();
  const mine = { event, badge: told.badge, handle: told.handle, key: await keyOf(told.secret) };
  await change("keys", "put", mine);
  return (known = mine);
}

let shown;
function show(code) {
  if (shown === code) return;
  shown = code;
  const { path, size } = pictureOf(card().dataset.prefix + code);
  const svg = card().querySelector("svg.qr");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.querySelector("rect").setAttribute("width", size);
  svg.querySelector("rect").setAttribute("height", size);
  svg.querySelector("path").setAttribute("d", path);
  card().querySelector(".typed strong").textContent = `${code.slice(0, 5)} ${code.slice(5)}`;
}

async function draw() {
  const mine = await keyOfBadge(card().dataset);
  const now = Date.now() + (offset ?? 0);
  const code = mine.handle + (await proofOf(mine.key, Math.floor(now / STEP)));
  show(code);
  return STEP - (now % STEP);
}

let timer;
async function go() {
  clearTimeout(timer);
  try {
    timer = setTimeout(go, await draw());
  } catch {
    timer = setTimeout(go, LOOK);
    card().classList.toggle("stale", !navigator.onLine);
    if (navigator.onLine) await renew(card()).catch(() => {});
  }
}

async function hear(told, heard) {
  offset = better(offset, offsetNow(Number(told), heard));
  await change("facts", "put", offset, "offset");
}

/** Fetch a part of the page anew, and put it in its place if it says something else. */
async function renew(part) {
  const answer = await fetch(part.dataset.url, { headers: FRAGMENT });
  const heard = Date.now();
  if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
  if (!answer.ok) return;
  const range = document.createRange();
  const fresh = range.createContextualFragment(await answer.text()).firstElementChild;
  if (!fresh) return;
  if (fresh.textContent !== part.textContent) part.replaceWith(fresh);
  await hear(fresh.dataset.now, heard);
}

async function look() {
  if (document.visibilityState !== "visible" || !navigator.onLine) return;
  await renew(document.getElementById("news")).catch(() => {});
  await go();
}

async function stayAwake() {
  if (document.visibilityState !== "visible") return;
  await navigator.wakeLock?.request("screen").catch(() => {});
}

async function start() {
  offset = await read("facts", "offset").catch(() => undefined);
  const [page] = performance.getEntriesByType("navigation");
  if (!document.documentElement.dataset.keptAt && page) {
    const heard = Date.now() - (performance.now() - page.responseStart);
    await hear(card().dataset.now, heard).catch(() => {});
  }
  document.addEventListener("visibilitychange", () => (go(), look(), stayAwake()));
  addEventListener("online", look);
  setInterval(look, LOOK);
  stayAwake();
  await go();
}

if (globalThis.document && card()) start();
