// Passkeys: asks the server for options, lets the browser make or use a passkey, and sends its answer back.
const post = (address, body) => fetch(address, { method: "POST", headers: body ? { "Content-Type": "application/json" } : {}, body });

class Refusal extends Error {}

const options = async (address, parse, body) => {
  const answer = await post(address, body);
  // What the server says of a wrong password is for the person.
  if (answer.status === 422) throw new Refusal((await answer.json()).detail);
  if (!answer.ok) throw new Error(answer.statusText);
  return { publicKey: parse(await answer.json()) };
};

// The methods of the class do the base64url for us; some password managers replace the credential by an object without toJSON.
const base64url = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const json = c => JSON.stringify(typeof c.toJSON === "function" ? c.toJSON() : {
  id: c.id, rawId: base64url(c.rawId), type: c.type, authenticatorAttachment: c.authenticatorAttachment, clientExtensionResults: c.getClientExtensionResults(),
  response: Object.fromEntries(["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].filter(n => c.response[n]).map(n => [n, base64url(c.response[n])])),
});

const run = async (button, work) => {
  const message = document.querySelector("[data-passkey-error]");
  message.hidden = true;
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    // NotAllowedError: the person thought better of it, or had no passkey here.
    message.textContent = error instanceof Refusal ? error.message : button.dataset.failed;
    message.hidden = false;
    button.disabled = false;
  }
};

document.querySelector("[data-passkey-add]")?.addEventListener("click", e => run(e.currentTarget, async () => {
  const asked = await options("/access/account/passkeys/options", o => PublicKeyCredential.parseCreationOptionsFromJSON(o),
    JSON.stringify({ password: document.getElementById("passkey-password")?.value }));
  const answer = await post("/access/account/passkeys", json(await navigator.credentials.create(asked)));
  if (!answer.ok) throw new Error(answer.statusText);
  location.reload();
}));

document.querySelector("[data-passkey-sign-in]")?.addEventListener("click", e => run(e.currentTarget, async () => {
  const back = document.querySelector("[data-passkey-sign-in]").dataset.return;
  const asked = await options("/access/sign-in/passkey/options", o => PublicKeyCredential.parseRequestOptionsFromJSON(o));
  const answer = await post("/access/sign-in/passkey", json(await navigator.credentials.get(asked)));
  if (!answer.ok) throw new Error(answer.statusText);
  location.assign(back);
}));
