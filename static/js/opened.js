/* Notes that a link of somebody was opened; where that does not work, the link still does. */

function note({ target, button }) {
  const { opened, token } = target.closest("a[rel~=external]")?.closest("[data-opened]")?.dataset ?? {};
  const body = new URLSearchParams({ csrf_token: token });
  if (opened && button < 2) fetch(opened, { method: "POST", body, keepalive: true }).catch(() => {});
}

for (const tap of ["click", "auxclick"]) document.addEventListener(tap, note);
