// Passkeys: shows the forms that need one, asks the device, and sends the form with its answer.
//
// The only script of Candor. It stands on the pages of passkeys, of the sign-in and of a second
// factor that is asked again; without it they work by pass phrase and code. It asks no server:
// the question stands in the form, the answer goes out with it.
'use strict';

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer ?? []), (b) => String.fromCharCode(b)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

async function make(asked) {
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { id: asked.host, name: 'Candor' },
      user: { id: toBytes(asked.owner), name: asked.login, displayName: asked.name },
      challenge: toBytes(asked.question),
      pubKeyCredParams: asked.algorithms.split(' ').map((alg) => ({ type: 'public-key', alg: Number(alg) })),
      excludeCredentials: asked.known.split(' ').filter(Boolean).map((id) => ({ type: 'public-key', id: toBytes(id) })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
    },
  });
  return {
    id: toText(made.rawId),
    clientData: toText(made.response.clientDataJSON),
    deviceData: toText(made.response.getAuthenticatorData()),
    algorithm: made.response.getPublicKeyAlgorithm(),
    publicKey: toText(made.response.getPublicKey()),
  };
}

async function give(asked) {
  const given = await navigator.credentials.get({
    publicKey: {
      rpId: asked.host,
      challenge: toBytes(asked.question),
      userVerification: 'required',
    },
  });
  return {
    id: toText(given.rawId),
    clientData: toText(given.response.clientDataJSON),
    deviceData: toText(given.response.authenticatorData),
    signature: toText(given.response.signature),
    owner: toText(given.response.userHandle),
  };
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const answer = form.querySelector('[data-answer]');
    const said = form.querySelector('[role=status]');
    const button = form.querySelector('button');
    form.hidden = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      button.disabled = true;
      said.textContent = 'Waiting for your device …';
      try {
        const work = form.dataset.passkey === 'make' ? make : give;
        answer.value = JSON.stringify(await work(form.dataset));
        form.submit();
      } catch (why) {
        said.textContent =
          why.name === 'InvalidStateError'
            ? 'This device has a passkey for you already.'
            : 'Nothing was sent: it was cancelled, took too long, or this device has no passkey for this server.';
        button.disabled = false;
      }
    });
  }
}
