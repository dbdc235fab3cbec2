// What the page tests share: a browser, and a made-up server for each test.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const out = process.env.E2E_OUT;
const kMock = fileURLToPath(new URL('../../../services/desk/web/mock/server.mjs', import.meta.url));
const kArgs = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--autoplay-policy=no-user-gesture-required'];
export const kWall = { width: 1920, height: 1080 };
export const kDesk = { width: 1366, height: 768 };
export const kPhone = { width: 390, height: 844 };
mkdirSync(out, { recursive: true });

let browser;
before(async () => (browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: kArgs })));
after(() => browser.close());

/** A made-up server of its own for one test; ends with it. */
export async function mock(t, incidents) {
  const child = spawn(process.execPath, [kMock, '--dist', process.env.IOC_WEB, '--incidents', String(incidents), '--seed', '3', '--outlines', process.env.IOC_OUTLINES ?? '', '--no-login', '--quiet'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  const url = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(String(text).trim())));
  return { url, do: (what) => fetch(`${url}/mock/${what}`, { method: 'POST' }), stop: () => child.kill() };
}

export async function open(t, url, viewport) {
  const context = await browser.newContext({ viewport, locale: 'vi-VN' });
  t.after(() => context.close());
  const page = await context.newPage();
  const errors = [];
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}

export const picture = (page, name) => page.screenshot({ path: join(out, `${name}.png`) });
export const ids = (page) => page.locator('#list [data-incident]').evaluateAll((rows) => rows.map((row) => row.dataset.incident));
export const chosen = (page) => page.locator('[aria-selected=true]').getAttribute('data-incident');
