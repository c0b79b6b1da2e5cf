/* Copies words that are shown; without a script one tap marks them all. */

const MOMENT = 4000;

/** Copy the words a button names, and say on the button whether it worked. */
export async function copy(button) {
  const { copies, done, failed } = button.dataset;
  button.dataset.plain ??= button.textContent;
  const worked = await navigator.clipboard
    .writeText(document.getElementById(copies).textContent)
    .then(() => true, () => false);
  button.textContent = worked ? done : failed;
  setTimeout(() => (button.textContent = button.dataset.plain), MOMENT);
}

/** Show the buttons that can do their work here, also those that came with an answer. */
function show() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copies]")) button.hidden = false;
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-copies]");
  if (button) copy(button);
});
document.addEventListener("htmx:after:swap", show);
show();
