/* A phone folds and finds as the server does. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { findable, folded, found, partsOf } from "../../static/js/desk/folding.js";

const agreed = JSON.parse(readFileSync(new URL("folding.json", import.meta.url)));

for (const [text, words] of agreed.words) {
  test(`"${text}" is folded as agreed`, () => assert.equal(folded(text), words));
}

test("guests are found as agreed, in the same order", () => {
  const texts = agreed.guests.map(([name, organisation]) => findable(name, organisation));
  for (const [letters, names] of agreed.searches) {
    const parts = partsOf(letters);
    const numbers = parts.length ? found(texts, parts, 20) : [];
    assert.deepEqual(numbers.map((number) => agreed.guests[number][0]), names);
  }
});

test("no more are shown than asked for", () => {
  const texts = Array.from({ length: 50 }, (_, number) => findable(`Guest ${number}`, ""));
  assert.equal(found(texts, ["guest"], 20).length, 20);
});

test("ten thousand guests are searched within a moment", () => {
  const texts = Array.from({ length: 10_000 }, (_, number) => findable(`José Guest ${number}`, "Söhne"));
  const began = performance.now();
  found(texts, partsOf("jo 77"), 20);
  assert.ok(performance.now() - began < 500);
});
