/* The paper chosen before htmx came, or kept by the browser over a reload, is shown when htmx comes. */

import { htmxIsHere } from "./page.js";

const layout = document.querySelector(".paper-choice select");

if (layout) {
  await htmxIsHere;
  const isShown = layout.selectedOptions[0].defaultSelected;
  if (!isShown) layout.dispatchEvent(new Event("change", { bubbles: true }));
}
