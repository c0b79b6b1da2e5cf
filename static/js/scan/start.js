/* Bring the scanner once its page is painted: the words come first, also on a slow line. */

const bring = () => import("./scanner.js");
requestAnimationFrame(() => setTimeout(bring));
