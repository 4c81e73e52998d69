// Passkeys in a real browser with a virtual authenticator: added, used at the door and where the
// second factor is asked again, refused, removed. The only walk with scripts.
//
//   CANDOR_BIN=target/debug/candor node passkey.mjs
//
// The same settings as walk.mjs. It takes a minute: for so long a second factor counts as fresh.

import { createServer } from 'node:net';
import { browser, fill, look, must, out, policy, said, serve, step, totp } from './house.mjs';

const PASS = 'seven quiet lanterns under water';
const folder = out();

/** A port that is free just now. */
function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** A browser with scripts, and a device with a sensor for fingers. */
async function personWithDevice(chrome, base, strangers) {
  const context = await chrome.newContext({ baseURL: base, viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith('data:')) strangers.push(url);
  });
  const device = await context.newCDPSession(page);
  await device.send('WebAuthn.enable');
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const knows = (isUserVerified) =>
    device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  const keys = async () =>
    (await device.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  return { page, errors, knows, keys };
}

/** A code that was not used yet: each counts once. */
async function freshCode(page, secret, used) {
  while (used.has(totp(secret))) await page.waitForTimeout(1000);
  used.add(totp(secret));
  return totp(secret);
}

async function setUp(page, code) {
  await page.goto('/desk');
  await fill(page.locator('main'), {
    code, login: 'ada', name: 'Ada', email: 'ada@team.example.org', pass: PASS,
  });
  await page.locator('main button').click();
  await page.waitForSelector('#secret');
  const secret = await page.locator('#secret').innerText();
  const first = totp(secret);
  await fill(page.locator('main'), { totp: first });
  await page.locator('main button').click();
  await page.waitForSelector('h1:has-text("Recovery codes")');
  step('the first account is made, with an authenticator');
  const used = new Set([first]);
  return () => freshCode(page, secret, used);
}

async function add(page, name, code) {
  await page.goto('/desk/you/passkeys');
  await fill(page.locator('form[data-passkey]'), { name, totp: code });
  await page.locator('form[data-passkey] button').click();
}

async function signOut(page) {
  await page.goto('/desk');
  await page.locator('nav button', { hasText: 'Sign out' }).click();
  await page.waitForURL('**/desk/sign-in');
}

async function byPasskey(page) {
  await page.goto('/desk/sign-in');
  await page.locator('form[data-passkey] button').click();
}

async function walk() {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const strangers = [];
  const house = await serve(process.env.CANDOR_BIN, policy(), {
    args: ['--listen', `127.0.0.1:${port}`, '--public-url', base],
    config: '[limits]\nfresh_factor_minutes = 1\n',
  });
  const chrome = await browser();
  try {
    const { page, errors, knows, keys } = await personWithDevice(chrome, base, strangers);
    const nextCode = await setUp(page, house.code);
    await page.goto('/desk/you/passkeys');
    await look(page, 'passkeys-none', folder);
    await add(page, 'Laptop', await nextCode());
    await page.waitForSelector('#said');
    await said(page, 'a passkey is added');
    const began = Date.now();
    must((await keys()).length === 1, 'the device holds no key');
    await look(page, 'passkeys', folder);
    await add(page, 'Laptop again', '000000');
    await page.waitForSelector('[role=status]:has-text("already")');
    step('the same device makes no second one');

    await signOut(page);
    await page.goto('/desk/sign-in');
    await look(page, 'sign-in-passkey', folder);
    await byPasskey(page);
    await page.waitForURL('**/desk');
    await page.waitForSelector('h1:has-text("Programs")');
    step('the passkey opens the desk');

    await signOut(page);
    await knows(false);
    await byPasskey(page);
    await page.waitForSelector('[role=status]:has-text("Nothing was sent")');
    await knows(true);
    await page.locator('form[data-passkey] button').click();
    await page.waitForSelector('h1:has-text("Programs")');
    const signedIn = Date.now();
    step('a device that does not know its person opens nothing');

    await page.waitForTimeout(Math.max(0, Math.max(began, signedIn) + 61_000 - Date.now()));
    await page.goto('/desk/you/passkeys');
    await page.locator('button', { hasText: 'Remove it' }).click();
    await page.waitForSelector('h1:has-text("Your code again")');
    await look(page, 'step-up', folder);
    await page.locator('form[data-passkey] button').click();
    await page.waitForSelector('#said');
    await said(page, 'removed, after the passkey was asked for once more');

    await signOut(page);
    await byPasskey(page);
    await page.waitForSelector('.notice-bad:has-text("not taken")');
    must(page.url().endsWith('/desk/passkey'), page.url());
    step('a passkey that was removed opens nothing');

    const bad = errors.filter((line) => !line.includes('422') && !line.includes('403'));
    must(bad.length === 0, `the browser complains:\n${bad.join('\n')}`);
    must(strangers.length === 0, `requests to other places: ${strangers}`);
    step('no request left for another place, and the browser did not complain');
  } finally {
    await chrome.close();
    await house.stop();
  }
}

await walk();
process.exit(0);
