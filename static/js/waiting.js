/* The list of scans this phone keeps. */

import { drop, scans, send } from "./queue.js";
import { onScans, read, root } from "./store.js";

const list = document.getElementById("scans");
const states = document.getElementById("states").dataset;
const time = { dateStyle: "short", timeStyle: "short" };

const atDesk = async () => (await read("facts", "desk")) && import("./desk/items.js");

/** What a helper did at a desk, in the shape of a scan; loaded only where somebody helped. */
async function items() {
  const desk = await atDesk();
  if (!desk) return [];
  const named = (one) => ({ ...one, code: one.guest?.name ?? one.code, forget: desk.drop });
  return (await desk.items()).map(named).filter(({ state }) => state !== "counted");
}

function row(scan) {
  const item = document.getElementById("scan").content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-${name}]`);
  part("code").textContent = scan.code;
  part("time").textContent = new Date(scan.at).toLocaleString(document.documentElement.lang, time);
  part("state").textContent = [states[scan.state], scan.words].filter(Boolean).join(": ");
  part("drop").addEventListener("click", () => (scan.forget ?? drop)(scan.nonce));
  if (scan.url) Object.assign(part("open"), { hidden: false, href: scan.url });
  return item;
}

async function show() {
  const all = [...(await scans()), ...(await items())];
  list.replaceChildren(...all.map(row));
  document.getElementById("none").hidden = all.length > 0;
  document.getElementById("send").hidden = !all.some((scan) => scan.state === "waiting");
}

document.getElementById("send").addEventListener("click", () => {
  send(root).catch(() => {});
  atDesk().then((desk) => desk?.send()).catch(() => {});
});
onScans(show);
show();
