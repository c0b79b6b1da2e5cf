/* What the scanner's page shows; all its words stand in the page's templates. */

const WARNED_FOR = 6000;
const SLOW = 600;

const byId = (id) => document.getElementById(id);
const word = (name) =>
  byId("words").content.querySelector(`[data-name="${name}"]`).cloneNode(true);

/** The page around the camera. */
export class View {
  #status = byId("status");
  #trouble = byId("trouble");
  #warning = byId("warning");
  #others = byId("others");
  #warned = null;
  #slow = 0;
  #saved = () => {};
  #state = "";

  constructor(scanner) {
    this.scanner = scanner;
    this.start = byId("start");
    this.finder = byId("finder");
    this.video = this.finder.querySelector("video");
    this.isTyping = Boolean(this.#others.querySelector("[aria-invalid]"));
    const isTapped = !this.#others.open;
    this.#others.open = this.isTyping || isTapped;
    this.#others.classList.add("ready");
    byId("photo-line").hidden = false;
    byId("told").prepend(this.#status);
    new MutationObserver(() => this.look()).observe(scanner, { childList: true, subtree: true });
  }

  /** What #found holds: asks, saved or nothing. */
  get shown() {
    return this.scanner.dataset.found ?? "";
  }

  /** Call back when a talk was saved, here or at the server. */
  onSaved(callback) {
    this.#saved = callback;
  }

  /** Show a state of the camera, or what is wrong with it. */
  show(state) {
    if (state === this.#state) return;
    this.#state = this.scanner.dataset.state = state;
    const isOpen = ["looking", "black"].includes(state);
    const isTrouble = !["opening", "looking", "intro"].includes(state);
    for (const part of [this.video, byId("tools"), byId("by-itself")]) part.hidden = !isOpen;
    byId("intro").hidden = state !== "intro";
    this.#trouble.replaceChildren(...(isTrouble ? [word(state)] : []));
    if (isTrouble) this.quiet();
    if (["denied", "missing", "busy", "unable", "broken"].includes(state)) this.#others.open = true;
    this.start.hidden = isOpen || ["opening", "unable", "broken"].includes(state);
    const { first, again } = this.start.dataset;
    this.start.querySelector("span").textContent = state === "intro" ? first : again;
    clearTimeout(this.#slow);
    if (state === "opening") this.#slow = setTimeout(() => this.say("opening"), SLOW);
  }

  /** Say one line in the status region. */
  say(name) {
    this.#status.replaceChildren(word(name));
  }

  /** Help whoever has found nothing for a while, unless something else was said. */
  hint() {
    if (this.#status.querySelector('[data-name="looking"]')) this.say("hint");
  }

  quiet() {
    this.#status.replaceChildren();
  }

  /** Name a code as foreign, for as long as it is in view and a little longer. */
  warn(host) {
    clearTimeout(this.#warned?.timer);
    const isNew = this.#warned?.host !== host;
    const timer = setTimeout(() => this.#calm(), WARNED_FOR);
    this.#warned = { host, timer };
    if (!isNew) return;
    const line = word(host ? "foreign" : "unknown");
    for (const place of line.querySelectorAll("[data-host]")) place.textContent = host;
    this.quiet();
    this.#warning.replaceChildren(line);
  }

  #calm() {
    clearTimeout(this.#warned?.timer);
    this.#warned = null;
    this.#warning.replaceChildren();
  }

  /** A code of ours was found. */
  found() {
    this.#calm();
    this.say("found");
  }

  /** Offer the page of an event whose poster was read. */
  offer(url) {
    const card = word("event");
    card.querySelector("a").href = url;
    byId("found").replaceChildren(card);
    this.quiet();
  }

  /** Put away what was found; the camera has the word again. */
  clear() {
    const empty = byId("found").cloneNode(false);
    for (const name of Object.keys(empty.dataset)) delete empty.dataset[name];
    byId("found").replaceWith(empty);
    this.finder.focus();
  }

  /** Take note of what #found holds now, and lead the eye and the reader there. */
  look() {
    const found = byId("found");
    const has = (what) => found.matches(what) || found.querySelector(what);
    const isSaved = has("[data-saved], [data-undo]");
    const kind = has("[data-asks], [data-yes]") ? "asks" : isSaved ? "saved" : "";
    if (kind === this.shown) return;
    this.scanner.dataset.found = kind;
    if (!kind) return;
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "nearest" });
    if (kind === "saved") this.#saved();
  }
}
