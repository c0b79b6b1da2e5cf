/* htmx, brought with the scanner: it is first needed when a code was read. */

const LONGEST_WAIT = 6000;

/** Settles when htmx can be used; rejects where it cannot be loaded, or not soon. */
export const htmxIsHere = new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = document.getElementById("scanner").dataset.htmx;
  script.addEventListener("load", resolve);
  script.addEventListener("error", reject);
  document.head.append(script);
  setTimeout(reject, LONGEST_WAIT);
});

htmxIsHere.catch(() => {});
