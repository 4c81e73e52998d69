// The whole road in a real browser without scripts: from the policy page to the
// published advisory, as reporter, owner and second person see it.
//
//   CANDOR_BIN=target/debug/candor node walk.mjs
//
// CANDOR_POLICY      policy to serve
// CANDOR_WALK_OUT    folder for pictures and the CSAF file
// CANDOR_CHROMIUM    the browser
// CANDOR_WALK_PICTURES=no   a quick walk that looks at nothing

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { act, browser, fill, look, must, out, person, policy, said, serve, step, totp } from './house.mjs';

const PASS = 'seven quiet lanterns under water';
const folder = out();
const strangers = [];

async function attach(page, name, content) {
  const file = { name, mimeType: 'text/plain', buffer: Buffer.from(content) };
  await page.locator('input[type=file][name=files]').first().setInputFiles(file);
}

async function publicPages(page, slug) {
  await page.goto(`/p/${slug}/`);
  must((await page.locator('script').count()) === 0, 'a page holds a script');
  await look(page, 'policy', folder);
  for (const [path, name] of [['advisories', 'advisories-empty'], ['promises', 'promises'], ['thanks', 'thanks-empty']]) {
    await page.goto(`/p/${slug}/${path}`);
    await look(page, name, folder);
  }
  await page.goto('/style');
  await look(page, 'style', folder);
  await page.goto(`/p/${slug}/room`);
  await look(page, 'room-door', folder);
  await page.goto('/p/nobody/');
  await look(page, 'not-found', folder);
  step('public pages are there before any report');
}

async function report(page, slug) {
  await page.goto(`/p/${slug}/`);
  await page.locator('main a', { hasText: 'Report a vulnerability' }).first().click();
  const html = await page.content();
  must(Buffer.byteLength(html) <= 30 * 1024, `the form page has ${Buffer.byteLength(html)} bytes`);
  await look(page, 'report', folder);
  const form = page.locator('main form');
  const names = await form.locator('textarea, input[type=text]').evaluateAll((all) => all.map((e) => e.name));
  const values = {
    summary: 'SQL injection in the search of the API',
    description: 'The parameter q reaches the database as it is.',
    impact: 'Anybody reads the whole database.',
    component: 'apps/api, search endpoint',
    steps: '1. Open the search.\n2. Type a quotation mark.\n3. Read the error.',
    suggested_fix: 'Use bound parameters.',
    version: 'main',
  };
  const wanted = Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
  must('steps' in wanted || 'description' in wanted, 'the form asks for nothing we know');
  await fill(form, { ...wanted, certainty: 'sure', is_public: 'no', credit: 'named', credit_name: 'Eve Finder' });
  await attach(page, 'trace.txt', 'GET /api/search?q=%27\n500\n');
  must((await page.context().cookies()).length === 0, 'a cookie before the receipt');
  await form.locator('button').last().click();
  await page.waitForSelector('.receipt-code');
  must((await page.context().cookies()).length === 0, 'a cookie with the receipt');
  const code = (await page.locator('.receipt-code').innerText()).trim();
  must(!page.url().includes(code), 'the code stands in the address');
  await look(page, 'receipt', folder);
  const waiting = page.waitForEvent('download');
  await page.locator('button', { hasText: 'Download the signed receipt' }).click();
  const note = readFileSync(await (await waiting).path(), 'utf8');
  must(note.includes('\n\n\u2014 '), `this is no signed note: ${note}`);
  writeFileSync(join(folder, 'receipt.txt'), note);
  step('a report with a file was sent; the receipt was shown and saved');
  return code;
}

async function emptyReport(page, slug) {
  await page.goto(`/p/${slug}/report`);
  const form = page.locator('main form');
  await fill(form, { version: 'kept 1.2.3' });
  await form.locator('button').last().click();
  await page.waitForSelector('.notice-bad');
  must((await form.locator('[name=version]').inputValue()) === 'kept 1.2.3', 'what was typed is lost');
  await look(page, 'report-errors', folder);
  step('an empty report comes back with what was typed');
}

async function enterRoom(page, slug, code) {
  await page.goto(`/p/${slug}/room`);
  await fill(page.locator('main'), { code: 'WRONG-WRONG-WRONG' });
  await page.locator('main button').click();
  await page.waitForSelector('.field-error');
  await fill(page.locator('main'), { code: code.toLowerCase() });
  await page.locator('main button').click();
  await page.waitForSelector('.road');
  must(!page.url().includes(code), 'the code stands in the address');
  step('the code opens the room; a wrong one says so');
}

async function enrol(page) {
  await page.waitForSelector('#secret');
  const secret = await page.locator('#secret').innerText();
  await fill(page.locator('main'), { totp: totp(secret) });
  await page.locator('main button').click();
  await page.waitForSelector('h1:has-text("Recovery codes")');
  await look(page, 'recovery-codes', folder);
  await page.locator('main a.button').click();
  await page.waitForSelector('h1:has-text("Programs")');
}

async function setUp(page, code) {
  await page.goto('/desk');
  must(page.url().endsWith('/desk/set-up'), `a fresh server leads to ${page.url()}`);
  await look(page, 'set-up', folder);
  await fill(page.locator('main'), {
    code, login: 'ada', name: 'Ada', email: 'ada@team.example.org', pass: PASS,
  });
  await page.locator('main button').click();
  await page.waitForSelector('#secret');
  await look(page, 'enrol', folder);
  await enrol(page);
  await look(page, 'programs', folder);
  step('the first account is made, with a second factor');
}

async function addGrace(page, slug) {
  await page.goto('/desk/people');
  await fill(page.locator('aside form'), {
    login: 'grace', name: 'Grace', email: 'grace@team.example.org', program: slug, role: 'owner',
  });
  await page.locator('aside form button').click();
  const pass = (await page.locator('.receipt-code').innerText()).trim();
  await look(page, 'people', folder);
  step('a second person was added');
  return pass;
}

async function signIn(page, login, pass) {
  await page.goto('/desk/sign-in');
  await look(page, 'sign-in', folder);
  await fill(page.locator('main'), { login, pass });
  await page.locator('main button').click();
  await enrol(page);
  step(`${login} signed in and set up a second factor`);
}

async function openCase(page, slug) {
  await page.goto(`/desk/p/${slug}`);
  await look(page, 'inbox', folder);
  await page.locator('table .title a').first().click();
  await page.waitForSelector('.road');
  await look(page, 'case-new', folder);
  return page.url();
}

async function find(page, slug, url) {
  await page.goto(`/desk/p/${slug}/search`);
  for (const [words, count] of [['nothinghasthisword', 0], ['injec*', 1]]) {
    await page.locator('input[name=words]').fill(words);
    await page.locator('form[role=search] button').click();
    must(!page.url().includes(words.slice(0, 4)), 'what is looked for is in the address');
    const rows = await page.locator('tbody tr').count();
    must(rows === count, `"${words}" finds ${rows} cases`);
    await look(page, count ? 'search-found' : 'search-nothing', folder);
  }
  await page.locator('tbody a').click();
  must(page.url() === url, 'the search leads to another case');
  step('the case was found by the beginning of a word');
}

async function triage(page) {
  await act(page, 'acknowledge', {
    message: 'Thank you. We are looking at it and answer again within the week. Ada', plan: true,
  });
  await said(page, 'acknowledged');
  await act(page, 'say', { lane: 'team', kind: 'plain', message: 'INTERNAL: the old search module again.' });
  await said(page, 'a note for the team only');
  const item = page.locator('#act-ask [name=items]');
  must((await item.count()) > 0, 'there is nothing to ask for');
  const names = await item.evaluateAll((all) => all.map((e) => e.value));
  const wanted = names.includes('proof_of_concept') ? 'proof_of_concept' : names[0];
  await act(page, 'ask', { items: [wanted], message: 'Could you add this, please?' });
  await said(page, 'asked for what is missing');
  return wanted;
}

async function answer(page, slug, wanted) {
  await page.goto(`/p/${slug}/room`);
  const text = await page.locator('main').innerText();
  must(!text.includes('INTERNAL'), 'the reporter sees the lane of the team');
  await look(page, 'room-asked', folder);
  await attach(page, 'poc.py', 'print("%27")\n');
  await act(page, 'supply', { [wanted]: 'curl "…/search?q=%27" returns a database error.' });
  await said(page, 'the reporter answered');
  await act(page, 'say', { message: 'I can test a patch.' });
  await said(page, 'the reporter wrote a message');
}

async function assess(page, url) {
  await page.goto(url);
  await act(page, 'assess', {
    scope: 'in', is_vulnerability: 'yes', severity: 'high', cvss: 'not a vector',
    effects: 'Reads every table.', affected_versions: 'main',
  });
  must((await page.locator('.field-error').count()) > 0, 'a wrong vector was taken');
  must((await page.locator('#act-assess [name=effects]').inputValue()) === 'Reads every table.', 'typed text is lost');
  await look(page, 'case-errors', folder);
  const version = (await page.locator('#f-assess-cvss-help').innerText()).match(/\d\.\d/)[0];
  const vectors = {
    '3.0': 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    '3.1': 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    '4.0': 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N',
  };
  await act(page, 'assess', {
    scope: 'in', is_vulnerability: 'yes', severity: 'high', cvss: vectors[version],
    impacts: ['confidentiality'], effects: 'Reads every table.', criticality: 'One request, no account.',
    affected_versions: 'main', reproduction_kind: 'record', reproduction: 'Done on main, as in the report.',
    message: 'We reproduce it and rate it as high.',
  });
  await said(page, 'assessed');
  const waive = page.locator('#act-accept [name=waive]');
  const names = await waive.evaluateAll((all) => all.map((e) => e.value));
  await act(page, 'accept', {
    ...(names.length ? { waive: names } : {}), branches: 'main', message: 'Accepted. The fix is on its way.',
  });
  await said(page, 'accepted');
  await look(page, 'case-accepted', folder);
}

async function fix(page) {
  await act(page, 'mitigate', { text: 'Switch the search off.' });
  await said(page, 'mitigation written');
  await act(page, 'plan_communication', { text: 'Advisory and release notes on the day.' });
  await said(page, 'communication planned');
  const steps = {
    in_development: { kind: 'patch', private_branch: 'private/search', author: { label: 'Ada' } },
    ready: {},
    tested: { reviewer: { label: 'Grace' }, test: 'The new test passes, the old ones too.' },
    released: { version: '1.4.3', sure: true },
  };
  for (const [status, values] of Object.entries(steps)) {
    const offered = await page.locator('#act-fix-0 [name=status]').inputValue();
    must(offered === status, `the next step is ${status}, but ${offered} is offered`);
    await act(page, 'fix-0', values);
    await said(page, `fix is ${status}`);
  }
}

async function draft(page) {
  await act(page, 'save_draft', {
    title: 'SQL injection in the search', summary: 'Anybody could read the database through the search.',
    details: 'The parameter q reached the database as it was.', affected: '< 1.4.3', fixed: '1.4.3',
    severity: 'high', cwe: 'CWE-89', mitigation: 'Switch the search off.', fix_kind: 'patch',
  });
  await said(page, 'draft saved');
  await look(page, 'case-draft', folder);
}

/** A full minute that lies far enough ahead for the reporter to answer. */
function soon() {
  const at = new Date(Math.ceil((Date.now() + 40_000) / 60_000) * 60_000);
  const [date, time] = at.toISOString().split('T');
  return { at, date, time: time.slice(0, 5) };
}

async function agree(team, reporter, slug) {
  const when = soon();
  await act(team, 'propose_date', { date: when.date, time: when.time, message: 'Is this date fine with you?' });
  await said(team, 'date proposed');
  await reporter.goto(`/p/${slug}/room`);
  await act(reporter, 'answer_date', { answer: 'accept' });
  await said(reporter, 'date accepted');
  await act(reporter, 'say', { kind: 'draft_comment', message: 'The draft reads well.' });
  await said(reporter, 'draft commented');
  return when.at;
}

async function publish(owner, second, url, at) {
  await owner.goto(url);
  await act(owner, 'approve');
  await said(owner, 'approved by Ada');
  await second.goto(url);
  if (Date.now() < at.getTime() - 3_000) {
    must((await second.locator('#act-publish').count()) === 0, 'the embargo did not hold');
    const why = await second.locator('main').innerText();
    must(/embargo/i.test(why), 'nothing says that the embargo holds');
    step('publishing is not offered while the embargo holds');
    await look(second, 'case-refused', folder);
  }
  await new Promise((done) => setTimeout(done, Math.max(0, at.getTime() + 1_500 - Date.now())));
  await second.goto(url);
  await act(second, 'publish');
  await said(second, 'published by Grace');
  await look(second, 'case-published', folder);
}

async function afterwards(page, base, slug) {
  await page.goto(`/p/${slug}/room`);
  await look(page, 'room-published', folder);
  const link = page.locator('.notice-ok a[href*="/advisories/"]');
  must((await link.count()) === 1, 'the reporter sees no advisory');
  await link.click();
  await look(page, 'advisory', folder);
  must((await page.locator('main').innerText()).includes('Eve Finder'), 'the reporter is not thanked');
  const csaf = await page.locator('a', { hasText: 'CSAF 2.0' }).getAttribute('href');
  const found = await page.request.get(csaf);
  must(found.ok(), `the CSAF file answers ${found.status()}`);
  const document = await found.json();
  must(document.document.csaf_version === '2.0', 'this is no CSAF 2.0');
  writeFileSync(join(folder, csaf.split('/').pop()), await found.text());
  const etag = found.headers().etag;
  const again = await page.request.get(csaf, { headers: { 'If-None-Match': etag } });
  must(again.status() === 304, `a known file is sent again: ${again.status()}`);
  const atom = await page.request.get(`/p/${slug}/feed.atom`);
  must(atom.ok() && (await atom.text()).includes(document.document.tracking.id), 'the feed lacks the advisory');
  const security = await page.request.get('/.well-known/security.txt');
  must(security.ok() && (await security.text()).includes('Expires:'), 'security.txt is not there');
  const key = await page.request.get('/.well-known/candor-receipt-key');
  must(key.ok(), 'the receipt key is not there');
  await page.goto(`/p/${slug}/advisories`);
  await look(page, 'advisories', folder);
  await page.goto(`/p/${slug}/thanks`);
  await look(page, 'thanks', folder);
  step('advisory, CSAF, feed, security.txt and thanks are public');
}

async function houseKeeping(page, slug) {
  await page.goto('/desk/people');
  await look(page, 'people-list', folder);
  await page.goto('/desk/you');
  await look(page, 'you', folder);
  await page.goto(`/desk/p/${slug}/settings`);
  await look(page, 'settings', folder);
  await page.goto(`/desk/p/${slug}/policy`);
  await look(page, 'owner-policy', folder);
  const shown = await page.locator('dd code').first().textContent();
  const text = 'Please report vulnerabilities to security@elsewhere.example.org.\n\nWe will acknowledge your report within 30 business days.\n';
  await page.locator('textarea[name=text]').fill(text);
  await page.locator('form[action$="/policy/preview"] button').click();
  await page.waitForURL('**/policy/preview');
  await look(page, 'policy-preview', folder);
  must((await page.locator('main').textContent()).includes('30 business days'), 'the preview does not say what changes');
  await page.locator('form[action$="/policy/publish"] button').click();
  await page.waitForURL('**/policy#said');
  must((await page.locator('dd code').first().textContent()) !== shown, 'the new version is not in force');
  await page.goto(`/p/${slug}/versions`);
  await look(page, 'versions', folder);
  await page.locator('main li a').last().click();
  must((await page.locator('main').textContent()).includes('This version was in force from'), 'the old version cannot be read');
  step('a new version of the policy was compared and published; the old one can be read');
  await page.goto(`/desk/p/${slug}/policy`);
  await page.locator('.nav button').click();
  await page.waitForURL('**/desk/sign-in');
  await page.goto(`/desk/p/${slug}`);
  must(page.url().endsWith('/desk/sign-in'), 'signed out, and still inside');
  step('settings and policy were looked at; signed out');
}

async function walk(server, chrome) {
  const { base } = server;
  const someone = () => person(chrome, base, strangers);
  const [reporter, owner, second] = [await someone(), await someone(), await someone()];
  await reporter.goto('/');
  const slug = new URL(reporter.url()).pathname.split('/')[2];
  await publicPages(reporter, slug);
  await emptyReport(reporter, slug);
  const code = await report(reporter, slug);
  await setUp(owner, server.code);
  const pass = await addGrace(owner, slug);
  await signIn(second, 'grace', pass);
  const url = await openCase(owner, slug);
  await find(owner, slug, url);
  const wanted = await triage(owner);
  await enterRoom(reporter, slug, code);
  await answer(reporter, slug, wanted);
  await assess(owner, url);
  await fix(owner);
  await draft(owner);
  const at = await agree(owner, reporter, slug);
  await publish(owner, second, url, at);
  await afterwards(reporter, base, slug);
  await houseKeeping(owner, slug);
  must(strangers.length === 0, `requests to other places: ${strangers.join(', ')}`);
  must(!server.log().includes(code), 'the code stands in the log');
  step('no request left for another place; the log holds no code');
}

const binary = process.env.CANDOR_BIN;
must(binary, 'CANDOR_BIN names no program');
const server = await serve(binary, policy());
const chrome = await browser();
let failed;
// A walk that hangs is a failed walk.
const patience = new Promise((_, giveUp) => {
  setTimeout(() => giveUp(new Error('the walk took longer than ten minutes')), 600_000).unref();
});
try {
  await Promise.race([walk(server, chrome), patience]);
} catch (error) {
  failed = error;
  for (const context of chrome.contexts()) {
    for (const [at, page] of context.pages().entries()) {
      await page.screenshot({ path: join(folder, `failed-${chrome.contexts().indexOf(context)}-${at}.png`), fullPage: true });
    }
  }
}
await chrome.close();
await server.stop();
if (failed) {
  console.error(`FAILED ${failed.message}\n${failed.stack}\n--- the server said\n${server.log().slice(-4000)}`);
  process.exit(1);
}
console.log(`walked the whole road; pictures in ${folder}`);
