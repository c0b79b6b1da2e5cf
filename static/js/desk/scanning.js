/* Badge after badge before the camera: each wearer is checked in at once, without a tap. */

import { Camera, canUseCamera, saidBefore, troubleOf } from "../scan/camera.js";
import { readCode } from "../scan/code.js";
import { Decoders } from "../scan/decoders.js";
import { Memory } from "../scan/memory.js";
import { Tools } from "../scan/tools.js";
import { View } from "../scan/view.js";
import { Watch, nextFrame } from "../scan/watch.js";
import { onScans } from "../store.js";
import { askAndCheckIn } from "./items.js";
import { act, event, list, now, shown, start as startPhone } from "./phone.js";

const REST = 2500;
const HELP_AFTER = 4000;
const HINT_AFTER = 9000;

const scanner = document.getElementById("scanner");
const view = new View(scanner);
const camera = new Camera(view.video);
const tools = new Tools(camera);
const decoders = new Decoders();
const memory = new Memory();
let isWanted = false;
let isBusy = false;
let last = null;

const found = () => document.getElementById("found");
const word = (name) =>
  document.getElementById("words").content.querySelector(`[data-name="${name}"]`).cloneNode(true);

async function open() {
  isWanted = true;
  view.show("opening");
  try {
    const [isOpen] = await Promise.all([camera.open(), decoders.open()]);
    if (!isOpen) return;
  } catch (error) {
    close(troubleOf(error));
    return;
  }
  view.show("looking");
  view.say("looking");
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
    view.show(watch.see(isFresh) ? "black" : "looking");
    const text = isFresh && !isBusy && (await decoders.readFrame(view.video));
    if (camera.track !== track) return;
    if (decoders.areDead) return close("broken");
    if (text) watch.start();
    if (watch.vain > HELP_AFTER) decoders.callStrong();
    if (watch.vain > HINT_AFTER) view.hint();
    if (text) deal(text).catch(() => tell("no-room"));
  }
}

/** Check in whoever wears what was read; a badge that was just dealt with is left alone. */
async function deal(text, { isChosen = false } = {}) {
  const code = readCode(text, location);
  if (code.kind === "foreign") return view.warn(code.host);
  if (memory.isResting([code.key]) && !isChosen) return undefined;
  memory.rest(code.key, REST);
  if (code.kind === "event") return tell("poster");
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(40);
  const guest = code.kind === "badge" ? await list.wearer(code.code) : undefined;
  if (!guest) return ask(code);
  return show(await act("in", guest, code.code));
}

/** Let the server say whose badge it is: it was added or replaced since, or is not of this event. */
async function ask({ kind, code }) {
  isBusy = true;
  view.say("found");
  try {
    const { state, words, first, guest } = await askAndCheckIn(event, code);
    if (state !== "counted") return tell("refused", words);
    return show({ ...guest, state: first ? "here" : "before" });
  } catch {
    return tell(kind === "live" ? "live-offline" : "no-network");
  } finally {
    isBusy = false;
  }
}

function put(card) {
  found().replaceChildren(card);
  card.scrollIntoView({ block: "nearest" });
}

function tell(name, words) {
  last = null;
  const line = word(name);
  if (words) line.querySelector("[data-words]").textContent = words;
  put(line);
  view.quiet();
}

function show(guest) {
  last = guest;
  const card = shown("arrival", guest);
  const isNew = ["here", "waits"].includes(guest.state);
  card.querySelector("[data-come]").hidden = !isNew;
  card.querySelector("[data-was]").hidden = isNew;
  put(card);
  view.quiet();
}

/** Say what the server made of the last check-in, once it has said so. */
async function hear() {
  if (!last) return;
  const guest = await now(last);
  if (guest.state !== last.state || guest.since !== last.since) show(guest);
}

async function tap({ target }) {
  const button = target.closest("button[data-verb]");
  if (!button || !last) return;
  const guest = await act(button.dataset.verb, last);
  show(guest);
  found().querySelector("[data-verb]").focus();
}

async function readPhoto({ target }) {
  const [file] = target.files;
  target.value = "";
  if (!file || isBusy) return;
  view.say("reading");
  const text = await decoders.readPhoto(file).catch(() => undefined);
  if (decoders.areDead) return close("broken");
  view.say(text === undefined ? "unreadable" : "nothing");
  if (text) await deal(text, { isChosen: true }).catch(() => tell("no-room"));
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
  found().addEventListener("click", (heard) => tap(heard).catch(() => tell("no-room")));
  onScans(hear);
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : wake()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", wake);
}

async function start() {
  listen();
  await startPhone();
  if (!canUseCamera()) return close("unable");
  const said = await saidBefore();
  if (said === "denied") return close("denied");
  view.show("intro");
  isWanted = said === "granted";
  return wake();
}

start();
