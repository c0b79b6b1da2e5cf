/* Codes just dealt with: they stay in view for a while, and nobody wants to be asked again. */

/** Remembers texts and badges, each until it has been out of view for a while. */
export class Memory {
  #resting = new Map();

  /** Leave a key alone until it has been out of view for some milliseconds. */
  rest(key, ms, now = Date.now()) {
    this.#resting.set(key, { ms, until: now + ms });
  }

  /** Tell whether one of these keys, seen now, is to be left alone. */
  isResting(keys, now = Date.now()) {
    const rest = keys.map((key) => this.#resting.get(key)).find((one) => one && one.until > now);
    if (rest) rest.until = now + rest.ms;
    return Boolean(rest);
  }
}
