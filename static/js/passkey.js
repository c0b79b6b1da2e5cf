/* Signs in by a passkey, or makes one; without a script, or where there are none, it stays hidden. */

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const named = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

/** Make of what the server asks what the browser takes. */
export function asked(options) {
  const { user, challenge, excludeCredentials, allowCredentials } = options;
  return {
    ...options,
    challenge: bytes(challenge),
    ...(user && { user: { ...user, id: bytes(user.id) } }),
    excludeCredentials: named(excludeCredentials),
    allowCredentials: named(allowCredentials),
  };
}

/** Make of what the browser gives what the server takes. */
export function answered({ id, rawId, type, response }) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return { id, rawId: text(rawId), type, response: Object.fromEntries(given) };
}

async function begin(form) {
  const headers = { "X-CSRFToken": form.elements.csrf_token.value };
  const answer = await fetch(form.dataset.begin, { method: "POST", headers, redirect: "manual" });
  if (answer.ok) return asked(await answer.json());
  if (answer.status !== 429) location.reload();
  throw new Error("not asked");
}

async function ask(form) {
  const publicKey = await begin(form);
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
  form.elements.credential.value = JSON.stringify(answered(credential));
  form.submit();
}

/** Say what happened where the page says everything; who changed their mind knows that already. */
function tell(form, error) {
  const { failed, known } = form.dataset;
  const status = document.getElementById("status");
  const line = document.createElement("p");
  line.className = "notice error";
  line.textContent = error.name === "InvalidStateError" && known ? known : failed;
  status.replaceChildren(line);
  status.scrollIntoView({ block: "nearest" });
}

async function send(event) {
  const form = event.target;
  if (!form.matches("[data-passkey]")) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  await ask(form).catch((error) => tell(form, error));
  button.disabled = false;
}

if (globalThis.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkeys]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-without-passkeys]")) part.hidden = true;
  document.addEventListener("submit", send, true);
}
