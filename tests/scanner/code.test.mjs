/* Whatever a code says: only badges, live codes and posters of this very site are ours. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { readCode } from "../../static/js/scan/code.js";

const at = (origin) => new URL(origin);
const HERE = at("https://bowline.example");
const BADGE = "7F3K9QXZ7F3K9QXZ";
const FOREIGN = JSON.parse(readFileSync(new URL("./foreign.json", import.meta.url)));

test("a printed badge is ours, whatever the case", () => {
  for (const text of [`HTTPS://BOWLINE.EXAMPLE/B/${BADGE}`, `https://bowline.example/b/${BADGE}`]) {
    const { key, ...found } = readCode(text, HERE);
    const wanted = { kind: "badge", path: `/B/${BADGE}`, code: BADGE, event: "" };
    assert.deepEqual(found, wanted);
  }
});

test("a live code is ours and names its event", () => {
  const { kind, path, code, event } = readCode("HTTPS://BOWLINE.EXAMPLE/L/K7PM2Q/AB12CD34EF", HERE);
  assert.deepEqual(
    { kind, path, code, event },
    { kind: "live", path: "/L/K7PM2Q/AB12CD34EF", code: "AB12CD34EF", event: "K7PM2Q" },
  );
});

test("the next live code of a badge has the same key, that of another badge has not", () => {
  const key = (code) => readCode(`HTTPS://BOWLINE.EXAMPLE/L/K7PM2Q/${code}`, HERE).key;
  assert.equal(key("AB12CD34EF"), key("AB12ZZZZZZ"));
  assert.notEqual(key("AB12CD34EF"), key("AB13CD34EF"));
});

test("the poster at the door is an event's", () => {
  const { kind, path } = readCode("HTTPS://BOWLINE.EXAMPLE/E/K7PM2Q", HERE);
  assert.deepEqual({ kind, path }, { kind: "event", path: "/E/K7PM2Q" });
});

test("a port and plain http belong to the origin where the site has them", () => {
  const here = at("http://localhost:8000");
  assert.equal(readCode(`HTTP://LOCALHOST:8000/B/${BADGE}`, here).kind, "badge");
  assert.equal(readCode(`HTTP://LOCALHOST:8001/B/${BADGE}`, here).kind, "foreign");
  assert.equal(readCode(`HTTP://LOCALHOST/B/${BADGE}`, here).kind, "foreign");
  assert.equal(readCode(`HTTPS://LOCALHOST:8000/B/${BADGE}`, here).kind, "foreign");
});

test("what leads elsewhere is foreign, and its true host is named", () => {
  for (const [text, host] of Object.entries(FOREIGN)) {
    const found = readCode(text, HERE);
    assert.deepEqual([found.kind, found.host], ["foreign", host], text);
    assert.equal(found.path, undefined, text);
  }
});

const ODD = [
  "HTTPS://BOWLINE.EXAMPLE",
  "HTTPS://BOWLINE.EXAMPLE/",
  "HTTPS://BOWLINE.EXAMPLE/ME",
  "HTTPS://BOWLINE.EXAMPLE/SIGN-IN?NEXT=/B/X",
  `HTTPS://BOWLINE.EXAMPLE/B/${BADGE}/CLAIM`,
  `HTTPS://BOWLINE.EXAMPLE/B/${BADGE}/`,
  `HTTPS://BOWLINE.EXAMPLE/B/${BADGE}?NEXT=HTTPS://EVIL.ORG`,
  `HTTPS://BOWLINE.EXAMPLE/B/${BADGE}#X`,
  `HTTPS://BOWLINE.EXAMPLE//EVIL.ORG/B/${BADGE}`,
  `HTTPS://BOWLINE.EXAMPLE/../B/${BADGE}`,
  `HTTPS://BOWLINE.EXAMPLE/B/../ME/${BADGE}`,
  `HTTPS://BOWLINE.EXAMPLE/B/%37F3K9QXZ`,
  `HTTPS://BOWLINE.EXAMPLE\\B\\${BADGE}`,
  `HTTPS://BOWLINE.EXAMPLE/B/${BADGE}\n`,
  `\nHTTPS://BOWLINE.EXAMPLE/B/${BADGE}`,
  ` HTTPS://BOWLINE.EXAMPLE/B/${BADGE}`,
  `HTTPS://BOWLINE.EXAMPLE:443/B/${BADGE}`,
  `HTTPS://BOWLINE.EXAMPLE/B/${"A".repeat(4000)}`,
  "HTTPS://BOWLINE.EXAMPLE/B/<SCRIPT>",
  "HTTPS://BOWLINE.EXAMPLE/L/K7PM2Q",
  "HTTPS://BOWLINE.EXAMPLE/L/K7PM2Q/AB12CD34EF/X",
  "HTTPS://BOWLINE.EXAMPLE/E/",
  "HTTPS://BOWLINE.EXAMPLE/B/ſ7F3K9QXZ",
  `HTTPS://BOWLINE.EXAMPLE/B/${BADGE}\u202e`,
];

test("other addresses of our own site are not followed either", () => {
  for (const text of ODD) {
    const found = readCode(text, HERE);
    assert.deepEqual([found.kind, found.path], ["foreign", undefined], text);
  }
});

test("letters that turn into ours in lower case do not make a site ours", () => {
  const here = at("https://kite.example");
  assert.equal(readCode(`HTTPS://\u212aITE.EXAMPLE/B/${BADGE}`, here).kind, "foreign");
});
