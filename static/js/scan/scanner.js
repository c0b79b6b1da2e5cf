/* The scanner's page: from the camera to "did you talk?" and on to the next badge. */

import { root } from "../store.js";
import { ask, bringKept, refuseStrangers } from "./asking.js";
import { Camera, canUseCamera, saidBefore, troubleOf } from "./camera.js";
import { readCode } from "./code.js";
import { Decoders } from "./decoders.js";
import { Memory } from "./memory.js";
import { recall, remember } from "./settings.js";
import { Tools } from "./tools.js";
import { View } from "./view.js";
import { Watch, nextFrame } from "./watch.js";

const REST = 2500;
const HELP_AFTER = 4000;
const HINT_AFTER = 9000;

const scanner = document.getElementById("scanner");
const goOn = document.getElementById("go-on");
const view = new View(scanner);
const camera = new Camera(view.video);
const tools = new Tools(camera);
const decoders = new Decoders();
const memory = new Memory();
let isWanted = false;
let isBusy = false;
let current = null;

const mayLook = () =>
  !isBusy && view.shown !== "asks" && (view.shown !== "saved" || goOn.checked);

async function open() {
  isWanted = true;
  view.show("opening");
  bringKept().catch(() => {});
  try {
    const [isOpen] = await Promise.all([camera.open(), decoders.open()]);
    if (!isOpen) return;
  } catch (error) {
    close(troubleOf(error));
    return;
  }
  view.show("looking");
  if (!view.shown) view.say("looking");
  tools.offer();
  camera.track.addEventListener("ended", () => close("busy"));
  await look(camera.track);
}

function close(state) {
  isWanted = false;
  rest();
  view.show(state);
}

/** Let the camera go while nobody looks at this page. */
function rest() {
  camera.close();
  tools.hide();
}

function wake() {
  if (isWanted && !document.hidden && !camera.isOn) open();
}

/** Look at frame after frame, one at a time, for as long as a track of the camera is ours. */
async function look(track) {
  const watch = new Watch(view.video);
  for (;;) {
    const isFresh = await nextFrame(view.video);
    if (camera.track !== track) return;
    if (!mayLook()) {
      watch.start();
      continue;
    }
    view.show(watch.see(isFresh) ? "black" : "looking");
    const text = isFresh && (await decoders.readFrame(view.video));
    if (camera.track !== track) return;
    if (decoders.areDead) return close("broken");
    if (text) {
      watch.start();
      view.show("looking");
    }
    if (watch.vain > HELP_AFTER) decoders.callStrong();
    if (watch.vain > HINT_AFTER) view.hint();
    if (text && mayLook()) deal(text);
  }
}

/** Do what a code asks for; one that was just dealt with is left alone. */
async function deal(text, { isChosen = false } = {}) {
  const found = readCode(text, location);
  if (found.kind === "foreign") return view.warn(found.host);
  if (memory.isResting([text, found.key]) && !isChosen) return;
  performance.mark("bowline:read");
  isBusy = true;
  current = found;
  view.found();
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(40);
  try {
    if (found.kind === "event") view.offer(root + found.path);
    else if ((await ask(scanner, found)) === "refused") memory.rest(text, REST);
    else view.quiet();
  } finally {
    isBusy = false;
    view.look();
  }
}

/** Leave the badge dealt with alone for as long as it is in view. */
function done() {
  if (current) memory.rest(current.key, REST);
}

/** Put what was asked or saved away, and look for the next badge. */
function next() {
  done();
  view.clear();
  if (camera.track) view.say("looking");
}

async function readPhoto({ target }) {
  const [file] = target.files;
  target.value = "";
  if (!file || isBusy) return;
  isBusy = true;
  view.say("reading");
  const text = await decoders.readPhoto(file).catch(() => undefined);
  isBusy = false;
  if (decoders.areDead) return close("broken");
  view.say(text === undefined ? "unreadable" : "nothing");
  if (text) deal(text, { isChosen: true });
}

function listen() {
  view.start.addEventListener("click", () => {
    view.finder.focus();
    open();
  });
  document.getElementById("stop").addEventListener("click", () => {
    close("closed");
    view.start.focus();
  });
  document.getElementById("photo").addEventListener("change", readPhoto);
  goOn.checked = recall("go-on") === "yes";
  goOn.addEventListener("change", () => remember("go-on", goOn.checked ? "yes" : "no"));
  scanner.addEventListener("click", (event) => {
    if (event.target.closest("[data-next]")) next();
  });
  view.onSaved(done);
  refuseStrangers(scanner);
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : wake()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", wake);
}

async function start() {
  listen();
  if (!canUseCamera()) return close("unable");
  const said = await saidBefore();
  if (said === "denied") return close("denied");
  view.show("intro");
  isWanted = said === "granted" && !view.isTyping;
  return wake();
}

start();
