// Bundles every test with the code it tests and runs them with Node's own test runner: node test/run.mjs [name…]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const names = readdirSync(here).filter((name) => name.endsWith('.test.ts') && (wanted.length === 0 || wanted.some((word) => name.includes(word))));
const out = mkdtempSync(join(tmpdir(), 'ioc-web-test-'));
try {
  await build({ entryPoints: names.map((name) => join(here, name)), outdir: out, bundle: true, platform: 'node', format: 'esm', target: 'node18', outExtension: { '.js': '.mjs' }, loader: { '.css': 'empty' }, jsx: 'automatic', jsxImportSource: 'preact', logLevel: 'warning' });
  const files = names.map((name) => join(out, name.replace(/\.ts$/, '.mjs')));
  process.exitCode = files.length === 0 ? 1 : (spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit' }).status ?? 1);
} finally {
  rmSync(out, { recursive: true });
}
