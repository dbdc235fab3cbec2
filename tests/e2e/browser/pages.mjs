// Wall and desk on a made-up server: at volume, stalled, with parts that cannot be read, from far seats, upright.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kDesk, kWall, mock, open, picture } from './mocked.mjs';
import { faults } from './wall.mjs';

test('wall: no number overlaps another at 6,000 open incidents', async (t) => {
  const server = await mock(t, 6_000);
  const { page, errors } = await open(t, `${server.url}/wall`, kWall);
  await page.waitForFunction(() => document.querySelectorAll('.urgent [data-incident]').length === 10);
  await server.do('crowd');
  await page.waitForFunction(() => document.querySelector('.queues').textContent.replaceAll('.', '').includes('12406'));
  const overlaps = await page.evaluate(() => {
    const boxes = [...document.querySelectorAll('.queues td')].map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return { row: cell.parentElement.rowIndex, text: cell.textContent, box: range.getBoundingClientRect() };
    });
    return boxes.flatMap((a, at) => boxes.slice(at + 1).filter((b) => a.row === b.row && a.box.right > b.box.left - 5 && b.box.right > a.box.left).map((b) => `${a.text} | ${b.text}`));
  });
  assert.deepEqual(overlaps, []);
  await picture(page, 'wall-volume');
  assert.equal(await page.locator('.map-count').first().evaluate((label) => getComputedStyle(label).backgroundColor), 'rgba(0, 0, 0, 0)', 'a count covers no colour');
  assert.deepEqual(await faults(page), { small: [], faint: [], outside: [], scrolls: false });
  assert.deepEqual(errors, []);
});

test('wall: from every seat between 1 and 12 metres, and upright, it shows the rows and breaks nothing', async (t) => {
  const server = await mock(t, 400);
  for (let seat = 1; seat <= 12; ++seat) {
    const { page, errors } = await open(t, `${server.url}/wall?seat_m=${seat}`, kWall);
    await page.locator('.urgent [data-incident]').first().waitFor();
    await page.setViewportSize({ width: 1600, height: 900 });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    assert.deepEqual(errors, [], `seat_m=${seat}`);
    await page.context().close();
  }
  const { page, errors } = await open(t, `${server.url}/wall`, { width: 1080, height: 1920 });
  await page.waitForFunction(() => document.querySelectorAll('.urgent [data-incident]').length === 10);
  const lowest = await page.evaluate(() => Math.max(...[...document.querySelectorAll('section')].map((one) => one.getBoundingClientRect().bottom)) / innerHeight);
  assert.ok(lowest > 0.95, `the page is filled to ${lowest}`);
  assert.deepEqual((await faults(page)).outside, []);
  assert.ok(await page.evaluate(() => document.querySelector('.map').clientHeight > innerHeight * 0.1), 'the map is worth looking at');
  await picture(page, 'wall-upright');
  assert.deepEqual(errors, []);
});

for (const path of ['wall', 'desk']) {
  test(`${path}: a view that stands still is marked, then replaced, though the clock goes on; the server's reason is told`, async (t) => {
    const server = await mock(t, 60);
    const { page, errors } = await open(t, `${server.url}/${path}`, path === 'wall' ? kWall : kDesk);
    const shown = path === 'wall' ? '.urgent [data-incident]' : '#list [data-incident]';
    await page.locator(shown).first().waitFor();
    await server.do('stall?seconds=12');
    await page.locator('[data-test=data-old]').waitFor();
    assert.ok((await page.locator(shown).count()) > 0, 'marked, but still there');
    await picture(page, `${path}-old`);
    await server.do('stall');
    await page.locator('[data-test=data-old]').waitFor({ state: 'detached' });
    await server.do('stall?seconds=85');
    await page.locator('[data-test=stalled]').waitFor();
    assert.equal(await page.locator(shown).count(), 0, 'nothing old is shown as if it were true');
    await page.waitForFunction(() => document.querySelector('[data-test=stalled]').textContent.includes('the disk is full'));
    await picture(page, `${path}-stalled`);
    await server.do('stall');
    await page.locator(shown).first().waitFor();
    assert.deepEqual(errors, []);
  });

  test(`${path}: parts that no page can read are left out and told, and the page lives on`, async (t) => {
    const server = await mock(t, 60);
    const { page, errors } = await open(t, `${server.url}/${path}`, path === 'wall' ? kWall : kDesk);
    const shown = path === 'wall' ? '.urgent [data-incident]' : '#list [data-incident]';
    await page.locator(shown).first().waitFor();
    await server.do('poison');
    await page.locator('[data-test=unreadable]').waitFor();
    await server.do('alarm?severity=critical');
    await page.waitForFunction(() => document.title.includes('khẩn'));
    assert.equal(await page.locator('[data-test=connection-lost]').count(), 0);
    assert.deepEqual(errors, []);
  });

  test(`${path}: a new critical incident is heard, and seen in the tab's title`, async (t) => {
    const server = await mock(t, 20);
    const { page } = await open(t, `${server.url}/${path}`, path === 'wall' ? kWall : kDesk);
    await page.locator('[data-incident]').first().waitFor();
    const criticals = async () => Number(/^\((\d+) khẩn\)/.exec(await page.title())?.[1] ?? 0);
    const before = await criticals();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.alarms), undefined, 'what was there rings not');
    await server.do('alarm?severity=high');
    await server.do('alarm?severity=critical');
    await page.waitForFunction(() => document.documentElement.dataset.alarms === '1');
    assert.equal(await criticals(), before + 1);
  });
}
