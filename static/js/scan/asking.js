/* "Did you talk?": the server's question about a code, or this phone's own without a network. */

import { htmxIsHere } from "../page.js";
import { root } from "../store.js";

/** Bring what keeps a yes on this phone; it is called for before a network can be missed. */
export const bringKept = () => import("../kept.js");

const CARD = /^\s*<section[^>]* id="found"/;
const isOurs = ({ hx, response, text }) =>
  response.status < 500 && Boolean(hx.retarget || CARD.test(text));

/** Ask about a code that was read; tells whether the server asked, refused, or did not answer. */
export async function ask(scanner, { path, code, event }) {
  let outcome = "alone";
  const hear = ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== scanner || !isOurs(ctx)) return;
    outcome = ctx.response.status < 400 ? "asked" : "refused";
  };
  scanner.addEventListener("htmx:before:swap", hear);
  const how = { source: scanner, target: "#found", swap: "outerHTML" };
  try {
    await htmxIsHere;
    await htmx.ajax("GET", root + path, how);
  } catch {
    /* nobody answered */
  }
  scanner.removeEventListener("htmx:before:swap", hear);
  if (outcome === "alone") {
    const { askWithoutNetwork } = await bringKept();
    askWithoutNetwork(document.getElementById("found"), { code, event });
  }
  return outcome;
}

/** Let no answer into this page that is not ours, as that of a hotel's network; keep the yes. */
export function refuseStrangers(scanner) {
  scanner.addEventListener("htmx:before:swap", (heard) => {
    const { ctx } = heard.detail;
    if (isOurs(ctx)) return;
    heard.preventDefault();
    const isLostYes = ctx.response.status < 500 && ctx.sourceElement.matches("form");
    if (isLostYes) bringKept().then(({ keepForm }) => keepForm(ctx.sourceElement));
  });
}
