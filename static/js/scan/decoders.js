/* Who reads a frame or a photo: a quick decoder first, a strong one where that sees nothing. */

import { partOf, sizesOf } from "./frames.js";
import { WorkerReader, ownReader } from "./reader.js";

const QUICK = new URL("./qr-worker.js", import.meta.url);
const STRONG = new URL("./zxing-worker.js", import.meta.url);

/** The decoders of one visit. */
export class Decoders {
  #quick = null;
  #strong = null;
  #looks = 0;

  /** Choose the quick one: the browser's own where it has one. */
  async open() {
    this.#quick ??= (await ownReader()) ?? new WorkerReader(QUICK);
  }

  /** From now on let the strong one look at every other frame. */
  callStrong() {
    this.#strong ??= new WorkerReader(STRONG);
  }

  /** Whether none of them works, as where their files cannot be loaded. */
  get areDead() {
    return Boolean(this.#quick.isDead && this.#strong?.isDead);
  }

  /** Return the text of a code in the frame a video shows, or null. */
  async readFrame(video) {
    if (this.#quick.isDead) this.callStrong();
    const able = [this.#quick, this.#strong].filter((one) => one && !one.isDead);
    const look = this.#looks++;
    const turn = Math.floor(look / Math.max(1, able.length));
    const part = partOf(turn, video.videoWidth, video.videoHeight);
    return able.length ? this.#read(able[look % able.length], video, part) : null;
  }

  /** Return the text of a code in a photo, or null. Rejects if the file is no picture. */
  async readPhoto(file) {
    await this.open();
    const photo = await createImageBitmap(file);
    try {
      return await this.#readSizes(photo);
    } finally {
      photo.close();
    }
  }

  async #readSizes(photo) {
    const quickly = await this.#readSizesBy(this.#quick, photo);
    if (quickly) return quickly;
    this.callStrong();
    return this.#readSizesBy(this.#strong, photo);
  }

  async #readSizesBy(reader, photo) {
    const whole = { x: 0, y: 0, w: photo.width, h: photo.height };
    for (const size of sizesOf(photo.width, photo.height)) {
      const text = await this.#read(reader, photo, { ...whole, ...size }, { thorough: true });
      if (text || reader.isOwn) return text;
    }
    return null;
  }

  async #read(reader, source, part, how) {
    try {
      return await reader.read(source, part, how);
    } catch {
      if (reader.isOwn) this.#quick = new WorkerReader(QUICK);
      return null;
    }
  }
}
