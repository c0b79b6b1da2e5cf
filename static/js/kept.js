/* "Did you talk?" without a network: yes is kept on this phone until it can be sent. */

import { drop, keep, newKey, send } from "./queue.js";
import { read, root } from "./store.js";

const part = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);
const grouped = (code) => code.replace(/(.{4})(?=.)/g, "$1 ");

function put(found, card) {
  found.replaceChildren(card);
  found.dataset.without = "network";
  found.focus?.();
}

/** Ask inside an element about a code that was read; keep the yes, or say that there is no room. */
export function askWithoutNetwork(found, { code, event, at = Date.now() }) {
  const card = part("offline-question");
  const nonce = newKey();
  card.querySelector("[data-code]").textContent = grouped(code);
  card.querySelector("[data-yes]").addEventListener("click", async () => {
    try {
      await keep({ code, event, nonce, at });
      showKept(found, { code, event, nonce, at });
      send(root).catch(() => {});
    } catch {
      card.querySelector("[data-full]").hidden = false;
    }
  });
  put(found, card);
}

/** Say that a scan is kept, with Undo. */
export function showKept(found, scan) {
  const card = part("offline-kept");
  const time = new Date(scan.at).toLocaleTimeString(document.documentElement.lang, {
    timeStyle: "short",
  });
  card.querySelector("[data-time]").textContent = time;
  card.querySelector("[data-undo]").addEventListener("click", async () => {
    await drop(scan.nonce);
    askWithoutNetwork(found, scan);
  });
  put(found, card);
}

/** Keep the "yes, we talked" of a form that could not be sent, under the key it already has. */
export async function keepForm(form) {
  const found = form.closest(".found");
  const { code, nonce, seen_at: seen } = Object.fromEntries(new FormData(form));
  const [, event] = form.action.match(/\/events\/([^/]+)\/talks/);
  const at = Number(seen) * 1000 - ((await read("facts", "offset")) ?? 0);
  try {
    showKept(found, await keep({ code, event, nonce, at }));
  } catch {
    const full = part("offline-question").querySelector("[data-full]");
    full.hidden = false;
    found.append(full);
  }
}
