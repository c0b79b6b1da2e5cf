/* The phone's camera: opened once, on its main lens, and let go as soon as nobody looks. */

import { mainLens } from "./lens.js";
import { recall, remember } from "./settings.js";

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };
const TROUBLES = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Tell whether pages may use a camera here at all. */
export const canUseCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/** Return which trouble an error of the camera is: denied, missing, busy or unable. */
export const troubleOf = (error) => TROUBLES[error?.name] ?? "unable";

/** Return what the person has said about the camera: granted, denied or prompt. */
export async function saidBefore() {
  try {
    return (await navigator.permissions.query({ name: "camera" })).state;
  } catch {
    return "prompt";
  }
}

/** A camera whose picture shows in a video element. */
export class Camera {
  #stream = null;
  #turn = 0;
  isOn = false;

  constructor(video) {
    this.video = video;
  }

  get track() {
    return this.#stream?.getVideoTracks()[0];
  }

  get can() {
    return this.track?.getCapabilities?.() ?? {};
  }

  /** Open the camera; false if it was closed meanwhile. Rejects with the browser's error. */
  async open() {
    const turn = ++this.#turn;
    this.isOn = true;
    try {
      await this.#find(turn);
    } catch (error) {
      if (turn === this.#turn) throw error;
    }
    return turn === this.#turn;
  }

  async #find(turn) {
    const video = { ...SIZE, facingMode: { ideal: "environment" } };
    const known = recall("lens");
    await this.#use(known ? { ...video, deviceId: { ideal: known } } : video, turn);
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    if (turn !== this.#turn) return;
    const better = mainLens(devices, this.track.getSettings().deviceId);
    if (better) await this.#changeTo(better, video, turn);
    if (this.can.focusMode?.includes("continuous")) this.set({ focusMode: "continuous" });
  }

  /** Let the camera go. */
  close() {
    this.#turn += 1;
    this.isOn = false;
    this.#drop();
  }

  /** Set light, zoom or focus; false where the camera refuses. */
  async set(change) {
    try {
      await this.track.applyConstraints({ advanced: [change] });
      return true;
    } catch {
      return false;
    }
  }

  async #use(video, turn) {
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    if (turn !== this.#turn) return stop(stream);
    this.#stream = stream;
    this.video.srcObject = stream;
    this.video.play().catch(() => {});
  }

  async #changeTo(deviceId, video, turn) {
    this.#drop();
    try {
      await this.#use({ ...video, deviceId: { exact: deviceId } }, turn);
      remember("lens", deviceId);
    } catch {
      await this.#use(video, turn);
    }
  }

  #drop() {
    if (this.#stream) stop(this.#stream);
    this.video.srcObject = null;
    this.#stream = null;
  }
}

function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}
