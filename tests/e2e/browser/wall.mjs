// What the wall shows, read from its elements, and what it should show, reckoned from the interface's answers.
import assert from 'node:assert/strict';
import { byUrgencyThenAge } from './api.mjs';

export function shown(page) {
  return page.evaluate(() => {
    const all = (selector, read) => [...document.querySelectorAll(selector)].map(read);
    const text = (element, selector) => element.querySelector(selector)?.textContent.trim() ?? '';
    const digits = (value) => Number(value.replace(/\D/g, ''));
    return {
      open: digits(document.querySelector('[data-test=open]').textContent),
      unacknowledged: digits(document.querySelector('[data-test=unacknowledged-total] b').textContent),
      rows: all('[data-incident]', (row) => ({ id: row.dataset.incident, severity: row.dataset.severity, word: text(row, '.severity'), title: text(row, '.title'), unit: text(row, '.unit') })),
      queues: all('[data-queue]:not([data-test])', (row) => ({
        queue: row.dataset.queue,
        unacknowledged: digits(text(row, '[data-unacknowledged]')),
        by_severity: Object.fromEntries([...row.querySelectorAll('[data-severity]')].map((cell) => [cell.dataset.severity, digits(cell.textContent)])),
      })),
      districts: Object.fromEntries(all('[data-district]', (row) => [row.dataset.district, digits(text(row, 'b'))])),
      feeds: all('[data-feed]', (row) => ({ feed: row.dataset.feed, state: row.dataset.state, amount: text(row, '.amount') })),
      indicators: all('[data-indicator]', (row) => ({ code: row.dataset.indicator, value: Number(row.dataset.value) })),
      rate: { ...document.querySelector('[data-test=alarm-rate]')?.dataset },
    };
  });
}

const kWords = { critical: 'khẩn', high: 'cao', medium: 'vừa', info: 'tin' };
const plain = (words) => words.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/gi, 'd').toLowerCase();
const short = (name) => name.replace(/^Phường /, 'P. ').replace(/^Xã /, 'X. ').replace(/^Thị trấn /, 'TT. ').replace(/^Thành phố /, 'TP. ');

export function expected({ open, queues, feeds, indicators }) {
  const districts = { '': 0 };
  for (const incident of open) {
    if (incident.unit && !incident.subscribers?.length) districts[''] += 1;
    for (const id of incident.subscribers ?? []) districts[id] = (districts[id] ?? 0) + 1;
  }
  return {
    open: open.length,
    unacknowledged: open.filter((incident) => !incident.acknowledged_at).length,
    rows: [...open].sort(byUrgencyThenAge).slice(0, 10).map((incident) => ({ id: incident.id, severity: incident.severity, word: kWords[incident.severity], says: incident.sub_kind?.name ?? '', unit: incident.unit ? short(incident.unit.name) : 'chưa rõ' })),
    queues: Object.fromEntries(queues.map((queue) => [queue.queue, queue])),
    districts,
    feeds: feeds.map((feed) => feed.feed),
    indicators: Object.fromEntries(indicators.map((one) => [one.code, one.value])),
  };
}

/** Every row and every count. A line of the wall may stand for several queues; it names them. */
export function compare(wall, wanted) {
  assert.equal(wall.open, wanted.open, 'open incidents');
  assert.equal(wall.unacknowledged, wanted.unacknowledged, 'unacknowledged incidents');
  assert.deepEqual(wall.rows.map(({ title, ...row }) => row), wanted.rows.map(({ says, ...row }) => row), 'the most urgent rows');
  for (const [at, { title }] of wall.rows.entries()) {
    assert.ok(title !== '' && plain(title).startsWith(plain(wanted.rows[at].says)), `«${title}» begins with what happened: ${wanted.rows[at].says}`);
  }
  const sum = (rows) => rows.reduce((total, row) => total + Object.values(row.by_severity).reduce((a, b) => a + b, 0), 0);
  assert.equal(sum(wall.queues), sum(Object.values(wanted.queues)), 'the sum of all queues');
  const named = wall.queues.flatMap((row) => row.queue.split(' '));
  assert.deepEqual(named.sort(), Object.keys(wanted.queues).sort(), 'every queue is in exactly one line');
  for (const row of wall.queues) {
    const queues = row.queue.split(' ').map((id) => wanted.queues[id]);
    for (const [severity, count] of Object.entries(row.by_severity)) {
      assert.equal(count, queues.reduce((total, queue) => total + queue.by_severity[severity], 0), `${severity} in ${row.queue}`);
    }
    assert.equal(row.unacknowledged, queues.reduce((total, queue) => total + queue.unacknowledged, 0), `unacknowledged in ${row.queue}`);
  }
  for (const [id, count] of Object.entries(wall.districts)) assert.equal(count, wanted.districts[id], `district ${id || 'elsewhere'}`);
  assert.deepEqual(wall.feeds.map((feed) => feed.feed), wanted.feeds, 'feeds');
  for (const one of wall.indicators) assert.ok(one.code in wanted.indicators, `indicator ${one.code}`);
  assert.equal(wall.indicators.length > 0, Object.keys(wanted.indicators).length > 0, 'indicators are shown when there are some');
}

export async function apiPicture(api) {
  const [open, queues, feeds, indicators] = await Promise.all([api.open(), api.get('/v1/queues'), api.get('/v1/feeds'), api.get('/v1/indicators')]);
  return expected({ open, queues: queues.queues, feeds: feeds.feeds, indicators: indicators.indicators });
}

/** The demo goes on while we look: the picture is compared when nothing moved between two looks at the interface. */
export async function agrees(page, api, tries = 60) {
  let last;
  for (let i = 0; i < tries; ++i) {
    const before = await apiPicture(api);
    await page.waitForTimeout(300);
    const wall = await shown(page);
    const after = await apiPicture(api);
    try {
      assert.deepEqual(before, after, 'the interface stood still');
      compare(wall, after);
      return wall;
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** Text smaller than 16 arc-minutes, text below 7:1, things outside the page: all should be empty lists. */
export function faults(page) {
  return page.evaluate(() => {
    const letter = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const luminance = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const rgba = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const ground = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const colour = rgba(getComputedStyle(at).backgroundColor);
        if (colour.length === 3 || colour[3] > 0.99) return colour;
      }
      return [255, 255, 255];
    };
    const faults = { small: [], faint: [], outside: [], scrolls: document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim();
      const element = walker.currentNode.parentElement;
      const box = element.getBoundingClientRect();
      if (!text || text === '·' || box.width === 0 || !element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      if (parseFloat(style.fontSize) < letter * 0.8 - 0.5) faults.small.push(`${text}: ${style.fontSize}`);
      const [a, b] = [luminance(rgba(style.color)), luminance(ground(element))].sort((x, y) => y - x);
      // The filled block of "khẩn" has its colours from the rule itself: black on #D55E00.
      const contrast = (a + 0.05) / (b + 0.05);
      if (contrast < 7 && !element.closest('.severity-critical')) faults.faint.push(`${text}: ${contrast.toFixed(1)}`);
      if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1) faults.outside.push(text);
    }
    return faults;
  });
}
