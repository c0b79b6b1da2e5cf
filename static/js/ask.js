/* A badge's address opened without a network: by the phone's camera, or by typing its code. */

import { askWithoutNetwork, showKept } from "./kept.js";
import { read, root } from "./store.js";

/** Return the code and event an address of ours names, or null. */
export function scanOf(url) {
  const path = url.pathname.slice(root.length);
  const [, printed] = path.match(/^\/b\/([^/]+)$/i) ?? [];
  if (printed) return { code: decodeURIComponent(printed), event: "" };
  const [, event, live] = path.match(/^\/l\/([^/]+)\/([^/]+)$/i) ?? [];
  if (live) return { code: decodeURIComponent(live), event };
  const [, place] = path.match(/^\/events\/([^/]+)\/ask$/) ?? [];
  const typed = url.searchParams.get("code");
  return place && typed ? { code: typed, event: place } : null;
}

async function start() {
  const found = document.getElementById("found");
  const goOn = found.dataset.next;
  found.addEventListener("click", (event) => {
    if (event.target.closest("button[data-next]")) location.assign(goOn);
  });
  const kept = new URLSearchParams(location.search).get("kept");
  const scan = kept ? await read("scans", kept) : scanOf(new URL(location));
  if (kept && scan) showKept(found, scan);
  else if (scan) askWithoutNetwork(found, scan);
}

if (globalThis.document) start();
