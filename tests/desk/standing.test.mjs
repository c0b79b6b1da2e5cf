/* How a guest stands: what the server last said, and what this phone did since. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { standing } from "../../static/js/desk/items.js";
import { digestOf } from "../../static/js/desk/list.js";

const AT = 1_800_000_000;
const guest = (since = null) => ({ id: "g1", name: "Lars Late", organisation: "", since });
const item = (verb, more = {}) => ({
  guest: { id: "g1" },
  verb,
  state: "waiting",
  at: AT * 1000,
  ...more,
});
const stands = (one, ...items) => {
  const { since, state } = standing(one, items);
  return [since, state];
};

test("without anything done here the server's word stands", () => {
  assert.deepEqual(stands(guest()), [null, "absent"]);
  assert.deepEqual(stands(guest(AT)), [AT, "here"]);
});

test("a check-in made here counts at once, and says that it waits", () => {
  assert.deepEqual(stands(guest(), item("in")), [AT, "waits"]);
});

test("a second check-in made here is no new one", () => {
  assert.deepEqual(stands(guest(), item("in"), item("in", { at: (AT + 9) * 1000 })), [AT, "before"]);
});

test("a guest who was here before is said to be", () => {
  assert.deepEqual(stands(guest(AT - 60), item("in")), [AT - 60, "before"]);
});

test("an undo made here counts at once", () => {
  assert.deepEqual(stands(guest(AT), item("undo")), [null, "undone"]);
  assert.deepEqual(stands(guest(AT), item("undo"), item("in")), [AT, "waits"]);
});

test("what the server counted is its word from then on", () => {
  const counted = { state: "counted", since: AT - 60, isBefore: true };
  assert.deepEqual(stands(guest(), item("in", counted)), [AT - 60, "before"]);
  const undone = { state: "counted", since: null };
  assert.deepEqual(stands(guest(AT), item("undo", undone)), [null, "absent"]);
});

test("what was refused changes nothing, nor does what was done with others", () => {
  assert.deepEqual(stands(guest(), item("in", { state: "refused" })), [null, "absent"]);
  assert.deepEqual(stands(guest(), item("in", { guest: { id: "g2" } })), [null, "absent"]);
});

test("what the server last said is not lost when a guest is looked at again", () => {
  const once = standing(guest(), [item("in")]);
  assert.deepEqual(stands(once, item("in")), [AT, "waits"]);
  assert.deepEqual(stands(once), [null, "absent"]);
});

test("a printed code is known by 48 bits of its SHA-256", async () => {
  assert.equal(await digestOf("7F3K9QXZ7F3K9QXZ"), "lhyV16lr");
});
