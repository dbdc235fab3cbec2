// The operator's list and the work on an incident, on a made-up server: at volume, by keyboard, on a phone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosen, ids, kDesk, kPhone, mock, open, picture } from './mocked.mjs';

const kVolume = 5_900;

async function desk(t, incidents, viewport = kDesk, where = '') {
  const server = await mock(t, incidents);
  const { page, errors } = await open(t, `${server.url}/desk${where}`, viewport);
  await page.locator('#list [data-incident]').first().waitFor();
  return { server, page, errors };
}

test('list: a j a j works down the list, and no event scrolls it back', async (t) => {
  const { server, page } = await desk(t, 300);
  const waiting = await page.locator('#list [data-acknowledged=false]').evaluateAll((rows) => rows.slice(0, 3).map((row) => row.dataset.incident));
  await page.locator('#list').focus();
  await page.keyboard.press('j');
  for (const id of waiting) {
    assert.equal(await chosen(page), id);
    await page.keyboard.press('a');
    await page.waitForSelector('#detail [data-key=a]:disabled');
    await page.locator(`#list [data-incident="${id}"][data-acknowledged=true], #list:not(:has([data-incident="${id}"]))`).first().waitFor({ state: 'attached' });
    await page.keyboard.press('j');
  }
  const scrolled = await page.locator('#list').evaluate((list) => (list.scrollTop = list.scrollHeight));
  const before = await page.locator('#list').evaluate((list) => list.scrollTop);
  assert.ok(before > 0 && scrolled > 0);
  await server.do('alarm?severity=info');
  await page.waitForFunction(() => document.querySelector('.filters #queue option').textContent.includes('301'));
  assert.ok((await page.locator('#list').evaluate((list) => list.scrollTop)) > before / 2, 'the list stays where it was scrolled to');
});

test('list: every open incident is reached by paging, and the keyboard goes on behind the last row', async (t) => {
  const { page } = await desk(t, kVolume);
  await page.locator('.filters .check input').uncheck();
  const seen = new Set();
  for (;;) {
    for (const id of await ids(page)) seen.add(id);
    const next = page.locator('[data-test=pages] button').last();
    if (await next.isDisabled()) break;
    const first = (await ids(page))[0];
    await next.click();
    await page.waitForFunction((id) => document.querySelector('#list [data-incident]').dataset.incident !== id, first);
  }
  assert.equal(seen.size, kVolume);
  const last = (await ids(page)).length;
  await page.locator('#list').focus();
  await page.locator('[data-test=pages] button').first().click();
  await page.waitForFunction((count) => document.querySelectorAll('#list [data-incident]').length > count, last);
  assert.equal(await page.locator('#list').evaluate((list) => list.scrollTop), 0, 'a page begins at its top');
  const rows = await ids(page);
  await page.locator(`#list [data-incident="${rows.at(-1)}"]`).click();
  await page.locator('#list').focus();
  await page.keyboard.press('j');
  await page.waitForFunction((id) => !document.querySelector(`#list [data-incident="${id}"]`), rows.at(-1));
  assert.equal(await chosen(page), (await ids(page))[0]);
  await page.keyboard.press('k');
  assert.equal(await chosen(page), rows.at(-1));
  assert.ok(await page.locator('[aria-selected=true]').evaluate((row) => row.getBoundingClientRect().bottom <= innerHeight), 'and is in sight');
  await picture(page, 'desk-volume');
});

test('list: filters survive a reload and hold for the search', async (t) => {
  const { page } = await desk(t, 600);
  await page.selectOption('#severity', 'high');
  await page.selectOption('#within', '24h');
  await page.fill('#search', 'ngap sau');
  await page.waitForFunction(() => {
    const titles = [...document.querySelectorAll('#list .title')];
    return titles.length > 0 && titles.every((title) => title.textContent.includes('Ngập'));
  });
  const found = await ids(page);
  assert.ok(found.length > 0);
  await page.reload();
  await page.waitForFunction((count) => document.querySelectorAll('#list [data-incident]').length === count, found.length);
  assert.deepEqual(await Promise.all(['#severity', '#within', '#search'].map((field) => page.inputValue(field))), ['high', '24h', 'ngap sau']);
  await page.selectOption('#severity', 'info');
  await page.waitForFunction(() => document.querySelector('#list').textContent.includes('Không tìm thấy'));
});

test('list: a search without a server says so, and does not say that there is nothing', async (t) => {
  const { server, page } = await desk(t, 20);
  server.stop();
  await page.fill('#search', 'cống');
  await page.locator('[data-test=search-failed]').waitFor();
  assert.ok(!(await page.locator('#list').innerText()).includes('Không tìm thấy'));
});

test('list: a group opens in place, and no critical incident is in one', async (t) => {
  const { page } = await desk(t, 600);
  await page.locator('.filters .check input').check();
  const lines = (await ids(page)).length;
  const group = page.locator('[data-test=group]').first();
  const words = await group.innerText();
  const others = Number(/(\d+) việc/.exec(words)[1]);
  await group.click();
  await page.waitForFunction((count) => document.querySelectorAll('.row-inside').length === count, others);
  assert.ok(lines > 0 && words.includes('«'));
  assert.equal(await page.locator('.row:has(.severity-critical) [data-test=group]').count(), 0);
  await picture(page, 'desk-group');
});

test('work: what was written survives a conflict, is sent again with what is known now, and shows in the incident', async (t) => {
  const { server, page } = await desk(t, 30);
  await page.locator('#list').focus();
  await page.keyboard.press('j');
  const id = await chosen(page);
  await page.keyboard.press('c');
  await page.fill('dialog textarea', 'đã gọi tổ trưởng');
  // What the page has seen is behind, as it is when two people work at once.
  const behind = async (route) => {
    await server.do(`change?id=${encodeURIComponent(id)}`);
    await route.continue();
  };
  await page.route('**/commands', behind, { times: 1 });
  await page.locator('dialog button').first().click();
  await page.locator('dialog [data-test=failed]').waitFor();
  assert.match(await page.locator('dialog [data-test=failed]').innerText(), /lan/);
  assert.equal(await page.inputValue('dialog textarea'), 'đã gọi tổ trưởng');
  await page.locator('dialog button').first().click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.querySelector('[data-test=comments]')?.textContent.includes('đã gọi tổ trưởng'));
});

test('work: forwarding says what is told already and sends the others alone; a wrong place is corrected; a closed one waits for nobody', async (t) => {
  const { page } = await desk(t, 30);
  const bodies = [];
  page.on('request', (request) => request.url().endsWith('/commands') && bodies.push(request.postDataJSON()));
  await page.locator('#list').focus();
  await page.keyboard.press('j');
  for (const round of [1, 2]) {
    await page.keyboard.press('f');
    if (round === 1) for (const box of await page.locator('dialog [type=checkbox]:checked').all()) await box.uncheck();
    await page.locator('dialog [type=checkbox]').nth(round * 3).check();
    if (round === 2) assert.match(await page.locator('dialog [data-test=told]').innerText(), /Đã chuyển/);
    assert.match(await page.locator('dialog button').first().innerText(), round === 1 ? /^Chuyển 1/ : /^Chuyển thêm 1/);
    await page.locator('dialog button').first().click();
    await page.locator('dialog').waitFor({ state: 'detached' });
  }
  assert.deepEqual(bodies.map((body) => body.units.length), [1, 1]);
  await page.keyboard.press('d');
  await page.locator('dialog [type=radio]').first().check();
  await page.locator('dialog button').first().click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal(bodies[2].kind, 'relocate');
  await page.keyboard.press('r');
  await page.locator('dialog [type=radio]').first().check();
  await page.locator('dialog button').first().click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.selectOption('#view', 'done');
  await page.locator('#list [data-incident]').first().waitFor();
  assert.ok(!(await page.locator('#list').innerText()).includes('chờ nhận'));
});

for (const [name, viewport] of [['phone', kPhone], ['at 200 %', { width: 683, height: 384 }]]) {
  test(`desk: ${name} nothing is wider than the page, a tap shows the incident, and there is a way back`, async (t) => {
    const { page, errors } = await desk(t, 200, viewport);
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok((await width()) <= viewport.width, `list: ${await width()}`);
    await picture(page, `desk-${viewport.width}-list`);
    await page.locator('#list [data-incident]').nth(2).click();
    await page.locator('#detail .actions').waitFor();
    assert.ok(await page.locator('#detail h2').isVisible());
    assert.ok((await page.locator('#detail h2').evaluate((title) => title.getBoundingClientRect().top)) < viewport.height, 'in sight without scrolling');
    assert.ok((await width()) <= viewport.width, `incident: ${await width()}`);
    await picture(page, `desk-${viewport.width}-incident`);
    await page.locator('.back').click();
    assert.ok(await page.locator('#list [data-incident]').first().isVisible());
    assert.deepEqual(errors, []);
  });
}

test('desk: an address that is no escaped text is no blank page', async (t) => {
  const { page, errors } = await desk(t, 20, kDesk, '#%E0%A4%A');
  await page.evaluate(() => (location.hash = '#%E0%A4%B'));
  await page.keyboard.press('?');
  await page.locator('dialog').waitFor();
  assert.deepEqual(errors, []);
});
