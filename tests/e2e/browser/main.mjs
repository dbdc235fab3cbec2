// The story: feeds send, the wall shows it, two operators work, the server dies and comes back.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { Api } from './api.mjs';
import { Standalone } from './process.mjs';
import { until } from './until.mjs';
import { agrees, faults, shown } from './wall.mjs';

const out = process.env.E2E_OUT;
const kArgs = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const kSeconds = 1000;
mkdirSync(out, { recursive: true });

const server = new Standalone({ demo: true, out });
let browser, operator, feeder;
const strangers = new Set(); // requests to other hosts
const complaints = []; // of the pages: errors, refused by the content policy

/** A person's browser: its own cookies, watched for anything it should not do. */
async function person(viewport) {
  const context = await browser.newContext({ viewport, locale: 'vi-VN', timezoneId: 'UTC' });
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== server.url) strangers.add(request.url());
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30 * kSeconds);
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|net::ERR|status of 40[139]|status of 50/.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  return page;
}

async function logIn(page, path) {
  await page.goto(server.url + path);
  await page.waitForURL(/\/login/);
  const { name, password, oneTime } = server.login();
  await page.fill('[name=name]', name);
  await page.fill('[name=password]', password);
  await page.keyboard.press('Enter');
  if (oneTime) await choosePassword(page, 'mật khẩu để kiểm thử');
  await page.waitForURL((url) => url.pathname === new URL(path, server.url).pathname);
}

/** The first login's password opens nothing but the page that asks for another, which is worked by keyboard alone. */
async function choosePassword(page, password) {
  await page.waitForSelector('[data-test=choose-password]');
  assert.equal(await page.evaluate(async () => (await fetch('/v1/queues')).status), 403);
  await page.reload();
  await page.waitForSelector('[data-test=choose-password] [name=current]:focus');
  await page.keyboard.type(server.login().password);
  await page.keyboard.press('Tab');
  await page.keyboard.type('ngắn');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[name=again]:invalid');
  await page.fill('[name=again]', 'ngắn');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('[role=alert]').textContent.includes('12 ký tự'));
  await page.fill('[name=new_password]', password);
  await page.fill('[name=again]', `${password}.`);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('[role=alert]').textContent.includes('không giống nhau'));
  await picture(page, 'choose-password');
  await page.fill('[name=again]', password);
  await page.keyboard.press('Enter');
  server.chose(password);
}

const picture = (page, name) => page.screenshot({ path: join(out, `${name}.png`) });

let serial = 0;
const report = (title, more = {}) => ({
  report_id: `E2E-${process.pid}-${++serial}`, title, text: `${title}. Đề nghị kiểm tra.`, category: 'ha-tang', urgency: 'normal', address: 'Số 12, tổ 5, phường Phan Đình Phùng',
  position: { lat: 21.5942, lon: 105.8482, accuracy_m: 10 }, sent_at: new Date().toISOString(), channel: 'app', anonymous: true, ...more,
});
const sent = async (body) => (await feeder.call('POST', '/v1/reports', body)).event_id;
const incidentOf = (event) =>
  until(`event ${event} is in an incident`, async () => {
    const found = await operator.get(`/v1/events/${encodeURIComponent(event)}`).catch(() => null);
    return found?.incident_id ?? found?.incident?.id;
  });

/** Waits until the incident is a line of its queue on this desk; all queues together are more than a desk shows. */
async function inItsQueue(page, id) {
  const { queue } = await operator.get(`/v1/incidents/${encodeURIComponent(id)}`);
  await page.selectOption('#queue', queue);
  await page.waitForSelector(`[role=option][data-incident="${id}"]`, { state: 'attached' });
}

test('end to end: from a feed to the wall and the desk', { timeout: 900 * kSeconds }, async (t) => {
  // One story: what comes after a failed step would only fail for its sake.
  let failed = '';
  const step = (name, run) =>
    t.test(name, { skip: failed ? `after: ${failed}` : false }, async () => {
      try {
        await run();
      } catch (error) {
        failed = name;
        const pages = browser.contexts().flatMap((context) => context.pages());
        for (const [i, page] of pages.entries()) await page.screenshot({ path: join(out, `failed-${i}.png`), timeout: 10 * kSeconds }).catch(() => undefined);
        throw error;
      }
    });
  try {
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: kArgs });
    await server.start();
    operator = new Api(server, await server.token('e2e-operator', 'operator'));
    feeder = new Api(server, await server.token('e2e-feeder', 'source:citizen-reports'));
    let wall, one, two, together;

    await step('without a login there is nothing but the login page', async () => {
      const page = await person({ width: 1366, height: 768 });
      await page.goto(`${server.url}/desk`);
      await page.waitForURL(/\/login\?next=(%2F|\/)desk/);
      await page.fill('[name=name]', 'admin');
      await page.fill('[name=password]', 'wrong');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.querySelector('[role=alert]').textContent.includes('không đúng'));
      await picture(page, 'login');
      await page.context().close();
    });

    await step('the wall shows what the interface tells, every row and every count', async () => {
      wall = await person({ width: 1920, height: 1080 });
      await logIn(wall, '/wall');
      await until('the demo has opened incidents', async () => (await operator.open()).length >= 20, 180);
      const picture_ = await agrees(wall, operator);
      assert.ok(picture_.rows.length === 10);
      assert.ok((await wall.locator('.map path').count()) > 10, 'the outlines are drawn');
      assert.ok((await wall.locator('.demo').innerText()).includes('MÔ PHỎNG'));
      writeFileSync(join(out, 'wall.json'), JSON.stringify(picture_, null, 1));
      await picture(wall, 'wall-1920x1080');
    });

    await step('every letter is large enough and clear enough, and nothing lies outside the page', async () => {
      for (const [width, height] of [[1366, 768], [3840, 2160], [1920, 1080]]) {
        await wall.setViewportSize({ width, height });
        await wall.waitForFunction((px) => Math.abs(parseFloat(getComputedStyle(document.documentElement).fontSize) - px) < 1, (39 * height) / 1080);
        await until(`ten rows at ${width} × ${height}`, async () => (await wall.locator('[data-incident]').count()) === 10);
        assert.deepEqual(await faults(wall), { small: [], faint: [], outside: [], scrolls: false }, `${width} × ${height}`);
        if (width !== 1920) await picture(wall, `wall-${width}x${height}`);
      }
    });

    await step('a kiosk opens one link, stays in, and reads nothing personal', async () => {
      const { url } = await wall.evaluate(async () => (await fetch('/v1/kiosk-links', { method: 'POST' })).json());
      const kiosk = await person({ width: 1920, height: 1080 });
      await kiosk.goto(server.url + url);
      await kiosk.waitForURL(/\/wall$/);
      await agrees(kiosk, operator);
      const seen = await kiosk.evaluate(async () => (await fetch('/v1/incidents?limit=50')).text());
      for (const field of ['assignee', 'acknowledged_by', 'address', 'newest_events']) assert.ok(!seen.includes(`"${field}"`), `${field} is not for a kiosk`);
      assert.equal(await kiosk.evaluate(async () => (await fetch('/v1/incidents/x/decisions')).status), 403);
      await kiosk.context().close();
    });

    await step('a report is on the wall when it is sent, and reports of the same thing are one row', async () => {
      const events = [];
      for (let i = 0; i < 3; ++i) events.push(await sent(report('Nắp cống mất, trẻ em suýt ngã', { urgency: 'urgent' })));
      const ids = new Set(await Promise.all(events.map(incidentOf)));
      assert.equal(ids.size, 1, 'three equal reports are one incident');
      together = { id: [...ids][0], events };
      await until('its three reports are counted', async () => (await operator.get(`/v1/incidents/${encodeURIComponent(together.id)}`)).events === 3);
      await agrees(wall, operator);
    });

    await step('an operator acknowledges by keyboard, and a second browser sees it', async () => {
      one = await person({ width: 1366, height: 768 });
      await logIn(one, '/desk');
      two = await person({ width: 1366, height: 768 });
      await logIn(two, '/desk');
      await one.locator('[role=option]').first().waitFor();
      await one.keyboard.press('j');
      const first = await one.locator('[role=option]').first().getAttribute('data-incident');
      assert.equal(await one.locator('[aria-selected=true]').getAttribute('data-incident'), first, 'j chooses the first');
      await one.keyboard.press('/');
      await one.keyboard.type('j');
      await one.waitForSelector('#search:focus');
      await one.keyboard.press('Escape');
      await one.waitForSelector('#list:focus');
      assert.equal(await one.inputValue('#search'), 'j', 'what the list is searched for stays in sight');
      await one.fill('#search', '');
      await one.locator('#list').focus();
      for (const page of [one, two]) await page.evaluate((id) => (location.hash = encodeURIComponent(id)), together.id);
      await one.waitForSelector(`#detail[data-incident="${together.id}"] .events li`);
      await picture(one, 'desk');
      await one.locator('#list').focus();
      await one.keyboard.press('a');
      await until('the interface has it', async () => (await operator.get(`/v1/incidents/${encodeURIComponent(together.id)}`)).acknowledged_at);
      await two.waitForSelector('#detail [data-key=a]:disabled');
    });

    await step('the why-panel gives candidates and points', async () => {
      await one.keyboard.press('w');
      const joined = one.locator('[data-test=why] [data-decision=joined]').first();
      await joined.waitFor();
      assert.ok((await joined.locator('.candidate li').count()) >= 2, 'the parts of the score are there');
      assert.match(await joined.innerText(), /[+]\d/);
      assert.match(await joined.locator('.candidate li').first().innerText(), /^(cùng|khác) loại, /, 'the situation is told in Vietnamese');
      await joined.scrollIntoViewIfNeeded();
      await picture(one, 'desk-why');
      await one.keyboard.press('w');
    });

    await step('a wrongly joined report is taken out, and both browsers see both incidents', async () => {
      const out_ = together.events[1];
      await one.keyboard.press('s');
      const dialog = one.locator('dialog');
      await dialog.locator(`[data-event="${out_}"]`).check();
      assert.ok(await dialog.locator('button').first().isDisabled(), 'not without a confirmation');
      await dialog.locator('#sure').check();
      await picture(one, 'desk-split');
      await dialog.locator('button').first().click();
      const fresh = await until('the report is in an incident of its own', async () => {
        const found = await operator.get(`/v1/events/${encodeURIComponent(out_)}`);
        const id = found.incident_id ?? found.incident?.id;
        return id !== together.id && id;
      });
      await until('both counts are right', async () => {
        const [left, taken] = await Promise.all([together.id, fresh].map((id) => operator.get(`/v1/incidents/${encodeURIComponent(id)}`)));
        return left.events === 2 && taken.events === 1;
      });
      await two.waitForFunction(() => document.querySelectorAll('.events > li').length === 2);
      await inItsQueue(two, fresh);
      assert.match(await one.locator('[data-test=notice]').innerText(), /tách/);
      await one.keyboard.press('Escape');
      together.fresh = fresh;
    });

    await step('what is one after all is merged by keyboard and search, and a wrong merge is taken back', async () => {
      const path = `/v1/incidents/${encodeURIComponent(together.fresh)}`;
      await one.evaluate((hash) => (location.hash = hash), encodeURIComponent(together.fresh));
      await one.waitForSelector(`#detail[data-incident="${together.fresh}"]`);
      await one.locator('#list').focus();
      await one.keyboard.press('m');
      const dialog = one.locator('dialog');
      assert.ok(await dialog.locator('button').first().isDisabled(), 'not without a choice');
      await one.keyboard.type(together.id);
      await dialog.locator(`[data-target="${together.id}"]`).check();
      assert.equal(await dialog.locator('[data-target]').count(), 1, 'the search leaves what was asked for');
      await picture(one, 'desk-merge');
      await dialog.locator('button').first().click();
      await until('the one is in the other', async () => (await operator.get(path)).merged_into === together.id);
      await one.waitForSelector(`#detail[data-incident="${together.id}"]`);
      await one.waitForFunction(() => document.querySelector('#detail dl')?.textContent.includes('Đã gộp vào đây'));
      await one.locator('[data-test=notice] button', { hasText: 'Bỏ gộp' }).click();
      await until('it is an incident of its own again', async () => (await operator.get(path)).state === 'new');
      await one.keyboard.press('Escape');
    });

    await step('who decides on what has changed meanwhile is told what changed', async () => {
      const id = encodeURIComponent(together.fresh);
      await one.evaluate((hash) => (location.hash = hash), id);
      await one.waitForSelector(`#detail[data-incident="${together.fresh}"]`);
      await one.locator('#list').focus();
      await one.keyboard.press('r');
      await one.locator('dialog input[type=radio]').first().check();
      const now = await operator.get(`/v1/incidents/${id}`);
      await operator.call('POST', `/v1/incidents/${id}/commands`, { kind: 'acknowledge', version: now.version }, { 'Idempotency-Key': `e2e-${process.pid}-ack` });
      await one.locator('dialog button').first().click();
      await one.waitForFunction(() => document.querySelector('dialog [data-test=failed]')?.textContent.includes('người khác thay đổi'));
      assert.equal((await operator.get(`/v1/incidents/${id}`)).state, 'new', 'nothing was resolved');
      assert.ok(await one.locator('dialog input[type=radio]').first().isChecked(), 'what was filled in stays');
      await picture(one, 'desk-conflict');
      await one.keyboard.press('Escape');
    });

    await step('a wrong category is corrected, and what the system had chosen stays beside it', async () => {
      const path = `/v1/incidents/${encodeURIComponent(together.fresh)}`;
      const before = await operator.get(path);
      await one.locator('#list').focus();
      await one.keyboard.press('l');
      const dialog = one.locator('dialog');
      assert.ok(await dialog.locator('button').first().isDisabled(), 'not without a change');
      await dialog.locator('select').first().selectOption('cay-xanh');
      await picture(one, 'desk-reclassify');
      await dialog.locator('button').first().click();
      const after = await until('the category is corrected', async () => {
        const now = await operator.get(path);
        return now.category === 'cay-xanh' && now;
      });
      assert.equal(after.model_category, before.category);
      await one.waitForFunction(() => document.querySelector('#detail dl')?.textContent.includes('máy xếp'));
      await one.keyboard.press('Escape');
    });

    await step('a killed server is announced, and all pages recover by themselves', async () => {
      for (const page of [wall, one]) await page.evaluate(() => (globalThis.e2eSamePage = true));
      await server.end('SIGKILL');
      await Promise.all([wall, one].map((page) => page.waitForSelector('[data-test=connection-lost]')));
      assert.match(await wall.locator('[data-test=connection-lost]').innerText(), /mất kết nối, đang thử lại/);
      assert.deepEqual(await faults(wall), { small: [], faint: [], outside: [], scrolls: false });
      await picture(wall, 'wall-connection-lost');
      await one.locator('#list').focus();
      await one.keyboard.press('o');
      await one.keyboard.press('Escape');
      await server.start();
      await wall.waitForSelector('[data-test=data-at]', { timeout: 90 * kSeconds });
      await one.waitForSelector('[data-test=connection-lost]', { state: 'detached', timeout: 90 * kSeconds });
      for (const page of [wall, one]) assert.ok(await page.evaluate(() => globalThis.e2eSamePage), 'without being loaded again');
      const after = await incidentOf(await sent(report('Cây đổ chắn đường sau cơn giông', { category: 'cay-xanh', position: { lat: 21.45, lon: 105.87, accuracy_m: 10 }, address: 'Số 3, phường Phổ Yên' })));
      await inItsQueue(one, after);
      await agrees(wall, operator);
      await picture(wall, 'wall-recovered');
      assert.equal((await shown(wall)).rows.length, 10);
    });

    await step('no page asked another host for anything, or broke a rule of its own', () => {
      assert.deepEqual([...strangers], []);
      assert.deepEqual(complaints, []);
    });
  } finally {
    await browser?.close();
    await server.remove();
  }
});
