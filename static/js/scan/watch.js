/* Whether frames come, and whether there is anything on them. */

import { isBlack } from "./frames.js";

const SIDE = 16;
const SAMPLE_EVERY = 300;
const BLACK_AFTER = 2000;
const NONE_AFTER = 3000;
const AT_LEAST = 45;
const WITHOUT_FRAME = 300;

/** Wait for the next frame of a video, but not for ever; tells whether one came. */
export function nextFrame(video) {
  const before = video.currentTime;
  return new Promise((resolve) => {
    const isNew = () => video.readyState >= 2 && video.currentTime !== before;
    const wait = video.requestVideoFrameCallback ? WITHOUT_FRAME : AT_LEAST;
    const timer = setTimeout(() => resolve(isNew()), wait);
    video.requestVideoFrameCallback?.(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** Watches one stretch of looking. */
export class Watch {
  #canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  #sampledAt = 0;
  #since;
  #frameAt;
  #lightAt;

  constructor(video) {
    this.video = video;
    Object.assign(this.#canvas.canvas, { width: SIDE, height: SIDE });
    this.start();
  }

  /** Begin anew: something was found, or looking was paused. */
  start() {
    this.#since = this.#frameAt = this.#lightAt = performance.now();
  }

  /** For how many milliseconds has been looked in vain. */
  get vain() {
    return performance.now() - this.#since;
  }

  /** Take note of a frame that came or did not; tells whether only black is to be seen. */
  see(isFresh) {
    const now = performance.now();
    if (isFresh) this.#frameAt = now;
    if (isFresh && now - this.#sampledAt > SAMPLE_EVERY) {
      this.#sampledAt = now;
      this.#canvas.drawImage(this.video, 0, 0, SIDE, SIDE);
      if (!isBlack(this.#canvas.getImageData(0, 0, SIDE, SIDE).data)) this.#lightAt = now;
    }
    return now - this.#lightAt > BLACK_AFTER || now - this.#frameAt > NONE_AFTER;
  }
}
