/* What a text read from a code stands for: only addresses of this very site are ours. */

const OURS = /^\/(?:B\/([0-9A-Z]{8,32})|L\/([0-9A-Z]{4,16})\/([0-9A-Z]{10})|E\/([0-9A-Z]{4,16}))$/;
const HANDLE = 4;

/**
 * Tell what a text stands for at a location: a badge, a live code, the poster of an event, or
 * something foreign with the host it names. The path is put together anew from its parts, so that
 * nothing of a foreign text is ever followed. Two codes with one key belong to one badge.
 */
export function readCode(text, location) {
  const rest = pathOnThisSite(text, location.origin);
  const [, badge, event, live, poster] = rest?.match(OURS) ?? [];
  if (badge) return { kind: "badge", path: `/B/${badge}`, code: badge, event: "", key: badge };
  if (poster) return { kind: "event", path: `/E/${poster}`, key: `${poster} poster` };
  if (!live) return { kind: "foreign", host: hostOf(text, location), key: text };
  const key = `${event} ${live.slice(0, HANDLE)}`;
  return { kind: "live", path: `/L/${event}/${live}`, code: live, event, key };
}

function pathOnThisSite(text, origin) {
  const isPlain = /^[!-~]+$/.test(text);
  const begin = text.slice(0, origin.length).toUpperCase();
  if (!isPlain || begin !== origin.toUpperCase()) return null;
  return text.slice(origin.length).toUpperCase();
}

/** Return the host a foreign address leads to, in the spelling that unmasks look-alikes. */
function hostOf(text, location) {
  if (!/^https?:/i.test(text)) return "";
  try {
    const url = new URL(text);
    if (url.origin === location.origin) return "";
    return url.host === location.host ? url.origin : url.host;
  } catch {
    return "";
  }
}
