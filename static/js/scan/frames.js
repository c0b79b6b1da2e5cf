/* Which part of a frame is looked at, and how closely. */

const LONGEST = 1280;
const PICTURE = [1280, 2560, 640, 4096];
const DARK = 24;

const fit = (width, height, longest) => {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
};

/**
 * Return the part of the nth frame to look at, in its pixels, and the size to look at it in: in
 * turn the middle as it is, for small codes, the whole of it, and the whole at half size, where
 * noise and blur fade.
 */
export function partOf(n, width, height) {
  if (n % 3 === 0) {
    const side = Math.min(width, height);
    const [x, y] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
    return { x, y, w: side, h: side, ...fit(side, side, LONGEST) };
  }
  const longest = n % 3 === 1 ? LONGEST : LONGEST / 2;
  return { x: 0, y: 0, w: width, h: height, ...fit(width, height, longest) };
}

/** Return the sizes a photo is looked at in, each once. */
export function sizesOf(width, height) {
  const sizes = PICTURE.map((longest) => fit(width, height, longest));
  return sizes.filter((one, i) => sizes.findIndex((other) => other.width === one.width) === i);
}

/** Tell whether the pixels (RGBA) of a frame show nothing at all: a dim room is brighter. */
export function isBlack(pixels) {
  for (let i = 0; i < pixels.length; i += 4) {
    if (Math.max(pixels[i], pixels[i + 1], pixels[i + 2]) >= DARK) return false;
  }
  return true;
}
