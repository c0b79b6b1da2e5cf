/* What a phone computes by itself: live codes, the clock, and what an address says. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { scanOf } from "../../static/js/ask.js";
import { better, offsetNow } from "../../static/js/clock.js";
import { keyOf, pictureOf, proofOf, valueOf } from "../../static/js/live.js";

/* RFC 6238, appendix B, SHA-256: the secret is the ASCII text 1234567890... of 32 bytes. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA====";
const VECTORS = [
  [59, 46119246],
  [1111111109, 68084774],
  [1111111111, 67062674],
  [1234567890, 91819424],
  [2000000000, 90698825],
  [20000000000, 77737706],
];

test("a live code follows the vectors of RFC 6238", async () => {
  const key = await keyOf(SECRET);
  for (const [seconds, digits] of VECTORS) {
    assert.equal((await valueOf(key, Math.floor(seconds / 30))) % 1e8, digits);
  }
});

test("a proof is the low 30 bits in Crockford's base 32", async () => {
  const key = await keyOf(SECRET);
  const value = (await valueOf(key, 1)) & 0x3fffffff;
  const proof = await proofOf(key, 1);
  assert.match(proof, /^[0-9A-HJKMNP-TV-Z]{6}$/);
  const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  assert.equal([...proof].reduce((sum, one) => sum * 32 + letters.indexOf(one), 0), value);
});

test("the key of a live code cannot be read again", async () => {
  const key = await keyOf(SECRET);
  await assert.rejects(crypto.subtle.exportKey("raw", key), { name: /^InvalidAccess/ });
});

test("a symbol keeps four modules of quiet zone on every side", () => {
  const { path, size } = pictureOf("HTTPS://MEET.EXAMPLE.ORG/L/ABCDEF/ABCDEFGHJK");
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)].map((run) => run.map(Number));
  assert.equal(runs.map(([text]) => text).length, path.split("M").length - 1);
  assert.equal(Math.min(...runs.map(([, x]) => x)), 4);
  assert.equal(Math.min(...runs.map(([, , y]) => y)), 4);
  assert.equal(Math.max(...runs.map(([, x, , run]) => x + run)), size - 4);
  assert.equal(Math.max(...runs.map(([, , y]) => y)), size - 5);
});

test("of two times the server told, the one that travelled faster counts", () => {
  assert.equal(better(undefined, -300), -300);
  assert.equal(better(-300, -40), -40);
  assert.equal(better(-40, -900), -40);
});

test("a phone whose clock was set is believed anew", () => {
  assert.equal(better(0, -600_000), -600_000);
  assert.equal(better(-600_000, 0), 0);
  assert.equal(offsetNow(1_000, 3_000), -2_000);
});

test("an address says which code and which event", () => {
  const said = (path) => scanOf(new URL(path, "https://meet.example.org"));
  assert.deepEqual(said("/B/7F3K9QXZ7F3K9QXZ"), { code: "7F3K9QXZ7F3K9QXZ", event: "" });
  assert.deepEqual(said("/l/abcdef/0123456789"), { code: "0123456789", event: "abcdef" });
  assert.deepEqual(said("/events/x7/ask?code=AB%20CD"), { code: "AB CD", event: "x7" });
  for (const path of ["/", "/B/", "/B/a/b", "/E/ABCDEF", "/events/x7/ask", "/people"]) {
    assert.equal(said(path), null);
  }
});
