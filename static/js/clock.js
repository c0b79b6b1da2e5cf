/* The server's clock, as well as this phone can tell. */

const JUMP = 5000;

/** By how many milliseconds the server's clock is ahead, for a time it has just told. */
export const offsetNow = (told, heard = Date.now()) => told - heard;

/**
 * Choose between what was known and a new sample. A slow answer makes the server look late, so the
 * larger of two is nearer; a sample far off means that somebody has set this phone's clock.
 */
export function better(known, sample) {
  if (known === undefined || Math.abs(sample - known) > JUMP) return sample;
  return Math.max(known, sample);
}
