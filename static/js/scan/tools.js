/* Light and zoom: buttons that are there only where the camera can. */

const CLOSER = 2;
const widest = (zoom) => Math.max(1, zoom.min);

/** The buttons beside the picture. */
export class Tools {
  constructor(camera) {
    this.camera = camera;
    this.light = document.getElementById("light");
    this.zoom = document.getElementById("zoom");
    this.light.addEventListener("click", () => this.#toggle(this.light, this.#lit));
    this.zoom.addEventListener("click", () => this.#toggle(this.zoom, this.#zoomed));
  }

  /** Show the buttons the camera that is open can obey. */
  offer() {
    const { torch, zoom } = this.camera.can;
    this.light.hidden = !torch;
    this.zoom.hidden = !(zoom && zoom.max >= CLOSER * widest(zoom));
    for (const button of [this.light, this.zoom]) button.setAttribute("aria-pressed", "false");
  }

  hide() {
    this.light.hidden = this.zoom.hidden = true;
  }

  #lit = (isOn) => ({ torch: isOn });

  #zoomed = (isOn) => ({ zoom: widest(this.camera.can.zoom) * (isOn ? CLOSER : 1) });

  async #toggle(button, change) {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    if (await this.camera.set(change(isOn))) button.setAttribute("aria-pressed", String(isOn));
  }
}
