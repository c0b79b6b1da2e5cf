/* What this phone keeps: scans that wait, keys of live codes, a helper's desk, and a few facts. */

const VERSION = 2;
const KEYS = {
  scans: "nonce",
  keys: "event",
  facts: null,
  desks: "event",
  guests: "event",
  items: "nonce",
};
let opened;

/** The path everything lies under; two phones of the demo share one origin. */
export const root = globalThis.document?.documentElement.dataset.root ?? "";
let place = root;

/** Keep things under another root; the service worker has no document to read it from. */
export function under(path) {
  place = path;
}

/** Return the name of the cache of pages this phone keeps. */
export const pages = () => `bowline-pages${place}`;

/** Return the name of the database of this phone. */
export const database = () => `bowline${place}`;

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(database(), VERSION);
    request.onupgradeneeded = () => {
      for (const name of Object.keys(KEYS)) {
        if (request.result.objectStoreNames.contains(name)) continue;
        request.result.createObjectStore(name, { keyPath: KEYS[name] });
      }
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      request.result.onversionchange = () => {
        request.result.close();
        opened = undefined;
      };
      resolve(request.result);
    };
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

let channel;
const news = () => (channel ??= globalThis.BroadcastChannel && new BroadcastChannel("bowline-scans"));

/** Call back whenever a scan is kept, sent or answered, here or in another tab. */
export function onScans(callback) {
  news()?.addEventListener("message", callback);
  addEventListener("bowline-scans", callback);
}

/** Tell all tabs that the kept scans have changed. */
export function tellScans() {
  news()?.postMessage(0);
  dispatchEvent(new Event("bowline-scans"));
}

/** Read with `get` or `getAll`. */
export async function read(table, ...key) {
  const store = (await open()).transaction(table).objectStore(table);
  return promised(key.length ? store.get(...key) : store.getAll());
}

/** Change with `put`, `delete` or `clear`; settles when the change is on the disk. */
export async function change(table, verb, ...what) {
  const work = (await open()).transaction(table, "readwrite", { durability: "strict" });
  work.objectStore(table)[verb](...what);
  await new Promise((resolve, reject) => {
    work.oncomplete = resolve;
    work.onabort = work.onerror = () => reject(work.error);
  });
}
