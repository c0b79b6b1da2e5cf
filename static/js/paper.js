/* What was chosen before htmx came, or kept by the browser over a reload, is shown when it comes. */

import { htmxIsHere } from "./page.js";

const layout = document.querySelector(".paper-choice select");
const ticks = document.querySelectorAll("#paper [type=checkbox]");

if (layout) {
  await htmxIsHere;
  const isShown = layout.selectedOptions[0].defaultSelected;
  const tick = [...ticks].find((one) => one.checked !== one.defaultChecked);
  const changed = isShown ? tick : layout;
  changed?.dispatchEvent(new Event("change", { bubbles: true }));
}
