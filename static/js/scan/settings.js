/* What this phone remembers of the scanner, where it may remember at all. */

const nameOf = (key) => `bowline-scan-${key}`;

/** Return what was remembered, or null. */
export function recall(key) {
  try {
    return localStorage.getItem(nameOf(key));
  } catch {
    return null;
  }
}

/** Remember a text for the next visit. */
export function remember(key, text) {
  try {
    localStorage.setItem(nameOf(key), text);
  } catch {
    /* asked or found out again next time */
  }
}
