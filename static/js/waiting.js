/* The list of scans this phone keeps. */

import { drop, scans, send } from "./queue.js";
import { onScans, root } from "./store.js";

const list = document.getElementById("scans");
const states = document.getElementById("states").dataset;
const time = { dateStyle: "short", timeStyle: "short" };

function row(scan) {
  const item = document.getElementById("scan").content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-${name}]`);
  part("code").textContent = scan.code;
  part("time").textContent = new Date(scan.at).toLocaleString(document.documentElement.lang, time);
  part("state").textContent = [states[scan.state], scan.words].filter(Boolean).join(": ");
  part("drop").addEventListener("click", () => drop(scan.nonce));
  if (scan.url) Object.assign(part("open"), { hidden: false, href: scan.url });
  return item;
}

async function show() {
  const all = await scans();
  list.replaceChildren(...all.map(row));
  document.getElementById("none").hidden = all.length > 0;
  document.getElementById("send").hidden = !all.some((scan) => scan.state === "waiting");
}

document.getElementById("send").addEventListener("click", () => send(root).catch(() => {}));
onScans(show);
show();
