/* Which part of a frame is looked at, in what size, and when a frame is black. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { isBlack, partOf, sizesOf } from "../../static/js/scan/frames.js";

const looks = (width, height) => [0, 1, 2].map((n) => partOf(n, width, height));

test("the middle is looked at pixel by pixel, so that small codes stay readable", () => {
  const middle = (x, y, side) => ({ x, y, w: side, h: side, width: side, height: side });
  assert.deepEqual(partOf(0, 1280, 720), middle(280, 0, 720));
  assert.deepEqual(partOf(0, 720, 1280), middle(0, 280, 720));
  assert.deepEqual(partOf(0, 1920, 1080), middle(420, 0, 1080));
});

test("the whole frame is looked at, too, and at half size", () => {
  const [, whole, half] = looks(1280, 720);
  assert.deepEqual(whole, { x: 0, y: 0, w: 1280, h: 720, width: 1280, height: 720 });
  assert.deepEqual(half, { x: 0, y: 0, w: 1280, h: 720, width: 640, height: 360 });
});

test("the three ways take turns", () => {
  assert.deepEqual(partOf(3, 1280, 720), partOf(0, 1280, 720));
  assert.deepEqual(partOf(7, 1280, 720), partOf(1, 1280, 720));
});

test("no look takes more pixels than a phone can manage, nor reaches beyond the frame", () => {
  const cameras = [[640, 480], [1280, 720], [1920, 1080], [1080, 1920], [4096, 2160]];
  for (const [width, height] of cameras) {
    for (const part of looks(width, height)) {
      assert.ok(part.x >= 0 && part.x + part.w <= width);
      assert.ok(part.y >= 0 && part.y + part.h <= height);
      assert.ok(Math.max(part.width, part.height) <= 1280);
      assert.ok(Math.abs(part.w / part.h - part.width / part.height) < 0.01);
    }
  }
});

test("a photo is looked at in several sizes, each once, none larger than it is", () => {
  assert.deepEqual(sizesOf(4032, 3024).map((size) => size.width), [1280, 2560, 640, 4032]);
  assert.deepEqual(sizesOf(800, 600).map((size) => size.width), [800, 640]);
  assert.deepEqual(sizesOf(300, 400), [{ width: 300, height: 400 }]);
});

const pixels = (...greys) => greys.flatMap((grey) => [grey, grey, grey, 255]);

test("a covered lens is black, with the noise a sensor adds", () => {
  assert.equal(isBlack(pixels(0, 0, 0)), true);
  assert.equal(isBlack(pixels(4, 16, 9)), true);
});

test("a dim room is not black, nor is a screen in the dark", () => {
  assert.equal(isBlack(pixels(8, 12, 40)), false);
  assert.equal(isBlack([0, 0, 0, 255, 0, 0, 60, 255]), false);
});
