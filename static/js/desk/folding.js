/* Finding guests by a few letters, the way the server does (`core/text.py`, `badges/desk`). */

const ALIKE = {
  ß: "ss", ς: "σ", ı: "i", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe",
  "'": "", "`": "", "‘": "", "’": "", ʼ: "",
};
const SAME = new RegExp(`[${Object.keys(ALIKE).join("")}]`, "gu");
const LONGEST = 300;
const MOST_PARTS = 5;

/** Return the words of a text without case, accents and signs. */
export function folded(text) {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .replace(SAME, (letter) => ALIKE[letter])
    .replace(/[^\p{L}\p{N}\p{Mc}]+/gu, " ")
    .trim();
}

/** Return name and organisation as they are searched. */
export const findable = (name, organisation) =>
  ` ${folded(name)} | ${folded(organisation)}`.slice(0, LONGEST);

/** Return the parts that are looked for. */
export const partsOf = (letters) => folded(letters).split(" ").filter(Boolean).slice(0, MOST_PARTS);

function rankOf(text, part) {
  const word = ` ${part}`;
  if (text.startsWith(word)) return 0;
  const at = text.indexOf(word);
  if (at < 0) return 3;
  return at < text.indexOf("|") ? 1 : 2;
}

/**
 * Return which of many folded texts hold all parts, by their numbers, at most so many: who begins
 * so comes first, then who has a name that does, then an organisation.
 */
export function found(texts, parts, most) {
  const ranks = new Map();
  texts.forEach((text, number) => {
    if (parts.every((part) => text.includes(part))) {
      ranks.set(number, parts.reduce((sum, part) => sum + rankOf(text, part), 0));
    }
  });
  const order = (a, b) => ranks.get(a) - ranks.get(b) || (texts[a] < texts[b] ? -1 : 1);
  return [...ranks.keys()].sort(order).slice(0, most);
}
