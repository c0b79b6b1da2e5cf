/* Those who read codes: the browser's own detector, or a worker with a decoder of ours. */

const PATIENCE = 5000;
const MOST_CRASHES = 3;
let takesBitmaps = Boolean(globalThis.OffscreenCanvas && globalThis.createImageBitmap);

/** Return the browser's own reader of QR codes, or null. */
export async function ownReader() {
  try {
    const formats = await BarcodeDetector.getSupportedFormats();
    if (!formats.includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const read = async (source) => (await detector.detect(source))[0]?.rawValue ?? null;
    return { isOwn: true, read };
  } catch {
    return null;
  }
}

/** A decoder in a worker: one picture at a time; where it hangs or breaks it is started anew. */
export class WorkerReader {
  #crashes = 0;
  #done = null;
  #queue = Promise.resolve();
  #worker = null;

  constructor(url) {
    this.url = url;
  }

  get isDead() {
    return this.#crashes >= MOST_CRASHES;
  }

  /** Return the text of a code in a part of a video or picture, or null. */
  read(source, part, { thorough = false } = {}) {
    const work = this.#queue.then(() => this.#look(source, part, thorough));
    this.#queue = work.catch(() => {});
    return work;
  }

  async #look(source, part, thorough) {
    if (this.isDead) return null;
    const picture = await cut(source, part);
    const { width, height } = part;
    return new Promise((resolve) => {
      this.#worker ??= this.#start();
      const timer = setTimeout(() => this.#restart(), thorough ? 4 * PATIENCE : PATIENCE);
      this.#done = (text) => {
        clearTimeout(timer);
        this.#done = null;
        resolve(text);
      };
      const job = { picture, width, height, thorough };
      this.#worker.postMessage(job, [picture.data?.buffer ?? picture]);
    });
  }

  #start() {
    const worker = new Worker(this.url, { type: "module" });
    worker.onmessage = ({ data }) => {
      this.#crashes = 0;
      this.#done?.(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#restart();
    };
    return worker;
  }

  #restart() {
    this.#crashes += 1;
    this.#worker?.terminate();
    this.#worker = null;
    this.#done?.(null);
  }
}

let canvas;

/** Cut a part out of a picture; where a worker could not draw it, it is drawn here. */
async function cut(source, { x, y, w, h, width, height }) {
  if (takesBitmaps) {
    try {
      return await createImageBitmap(source, x, y, w, h);
    } catch {
      takesBitmaps = false;
    }
  }
  canvas ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  Object.assign(canvas.canvas, { width, height });
  canvas.drawImage(source, x, y, w, h, 0, 0, width, height);
  return canvas.getImageData(0, 0, width, height);
}
