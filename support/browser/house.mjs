// Starts the server in a place of its own, opens browsers without scripts,
// looks at pages. No test runner: a failed step throws, the walk ends.

import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeModule from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const AxeBuilder = AxeModule.default ?? AxeModule;
const here = dirname(fileURLToPath(import.meta.url));

/** Stops the walk unless the condition holds. */
export function must(condition, words) {
  if (!condition) throw new Error(words);
}

/** Says that a step is done. */
export function step(words) {
  console.log(`ok    ${words}`);
}

/** The policy to walk with: named by the caller, or a test text beside the repository, or our own. */
export function policy() {
  if (process.env.CANDOR_POLICY) return resolve(process.env.CANDOR_POLICY);
  const root = resolve(here, '../..');
  const texts = resolve(root, '../shared/policies/texts');
  const found = existsSync(texts) && readdirSync(texts).find((name) => /^001_.*\.txt$/.test(name));
  return found ? join(texts, found) : join(root, 'SECURITY.md');
}

/** Where pictures and documents go. */
export function out() {
  const folder = process.env.CANDOR_WALK_OUT ?? mkdtempSync(join(tmpdir(), 'candor-walk-out-'));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Starts the server; gives its address and the set-up code. */
export async function serve(binary, file, { args: more = ['--listen', '127.0.0.1:0'], config = '' } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'candor-walk-'));
  const settings = join(home, 'candor.toml');
  writeFileSync(settings, config);
  const args = ['serve', file, ...more, '--config', settings, '--data', join(home, 'data'), '--dev'];
  const child = spawn(binary, args, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: join(home, 'config') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.on('exit', () => child.kill());
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
  let said = '';
  let complained = '';
  child.stdout.on('data', (bytes) => (said += bytes));
  child.stderr.on('data', (bytes) => (complained += bytes));
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(home, { recursive: true, force: true });
  };
  const until = Date.now() + 30_000;
  while (Date.now() < until && child.exitCode === null) {
    const base = said.match(/Candor is listening on (http:\/\/\S+)/)?.[1];
    const code = said.match(/Set-up code: (\S+)/)?.[1];
    if (base && code) return { base, code, stop, log: () => complained, said: () => said };
    await new Promise((done) => setTimeout(done, 100));
  }
  await stop();
  throw new Error(`the server did not start:\n${said}\n${complained}`);
}

/** A browser as careful people use it. */
export function browser() {
  return chromium.launch({
    executablePath: process.env.CANDOR_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** A person at a browser without scripts; every request to another place is remembered. */
export async function person(chrome, base, strangers) {
  const context = await chrome.newContext({
    javaScriptEnabled: false,
    baseURL: base,
    acceptDownloads: true,
    viewport: { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith('data:')) strangers.push(url);
  });
  return page;
}

/** What an authenticator shows (RFC 6238: SHA-1, 6 digits, 30 seconds). */
export function totp(secret, at = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const letter of secret.replace(/[^A-Z2-7]/g, '')) {
    bits += letters.indexOf(letter).toString(2).padStart(5, '0');
  }
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const from = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * The same page once more where scripts may run: axe needs timers, and pages of a
 * browser without scripts have none. It gets the very HTML, and no cookie. Without
 * motion: a colour measured half way between light and dark is no colour of the page.
 */
async function twin(page) {
  const html = await page.content();
  const context = await page.context().browser().newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
  });
  const copy = await context.newPage();
  await copy.route('**/*', (route) =>
    route.request().isNavigationRequest()
      ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html })
      : route.continue(),
  );
  await copy.goto(page.url());
  return { copy, close: () => context.close() };
}

/** Pictures at two widths, light and dark; checked for accessibility and for spilling over. */
export async function look(page, name, folder) {
  if (process.env.CANDOR_WALK_PICTURES === 'no') return;
  const { copy, close } = await twin(page);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      const spill = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      must(spill <= 0, `${name} at ${width}: ${spill} pixels too wide`);
    }
    await copy.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page: copy }).withTags(TAGS).analyze();
    const words = violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.html).join(' | ')}`);
    must(words.length === 0, `${name} (${colorScheme}) is not accessible:\n${words.join('\n')}`);
  }
  await close();
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  console.log(`look  ${name}`);
}

/** Fills the form of an act and sends it; values by field name, `true` ticks. */
export async function act(page, key, values = {}) {
  const box = page.locator(`#act-${key}`);
  must((await box.count()) === 1, `there is no act ${key} on ${page.url()}`);
  if ((await box.getAttribute('open')) === null) await box.locator('summary').first().click();
  await fill(box, values);
  await box.locator('button').click();
  await page.waitForLoadState();
}

/** Fills fields within a place. */
export async function fill(place, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = place.locator(`[name="${name}"]`);
    must((await field.count()) > 0, `there is no field ${name}`);
    const kind = await field.first().evaluate((e) => (e.tagName === 'SELECT' ? 'select' : e.type));
    if (kind === 'radio') await place.locator(`[name="${name}"][value="${value}"]`).check();
    else if (kind === 'checkbox' && value === true) await field.first().check();
    else if (kind === 'checkbox') {
      for (const one of [value].flat()) await place.locator(`[name="${name}"][value="${one}"]`).check();
    } else if (kind === 'select') await field.selectOption(value);
    else if (kind === 'file') await field.setInputFiles(value);
    else await field.fill(value);
  }
}

/** What the page says was done; anything else is a failure. */
export async function said(page, what) {
  const notice = page.locator('#said');
  const words = (await notice.count()) ? (await notice.first().innerText()).trim() : '(nothing)';
  const good = (await page.locator('#said.notice-ok').count()) === 1;
  must(good, `${what}: the page says "${words}"\n${await page.locator('.field-error').allInnerTexts()}`);
  step(`${what}: ${words.split('\n')[0]}`);
}
