/* A code that was just dealt with is left alone, but not for ever. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Memory } from "../../static/js/scan/memory.js";

test("a badge just dealt with is left alone for as long as it is in view", () => {
  const memory = new Memory();
  memory.rest("badge", 2500, 0);
  for (let now = 1000; now < 60_000; now += 2000) {
    assert.equal(memory.isResting(["text", "badge"], now), true);
  }
  assert.equal(memory.isResting(["text", "badge"], 61_600), false);
});

test("a badge that was away for a while is asked about again", () => {
  const memory = new Memory();
  memory.rest("badge", 2500, 0);
  assert.equal(memory.isResting(["badge"], 2400), true);
  assert.equal(memory.isResting(["badge"], 5000), false);
});

test("other codes are not held up", () => {
  const memory = new Memory();
  memory.rest("one", 2500, 0);
  assert.equal(memory.isResting(["another", "badge"], 1), false);
});
