// A real `ioc standalone`, started on a free port, killed and started again on the same data.
import { spawn, execFile } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.mjs';

const kIoc = process.env.IOC;

export class Standalone {
  data = mkdtempSync(join(tmpdir(), 'ioc-e2e-'));
  url = '';
  x_child = null;
  x_starts = 0;
  x_chosen = null;

  constructor({ demo, out }) {
    this.x_demo = demo;
    this.x_out = out;
  }

  async start() {
    const listen = this.url ? this.url.slice('http://'.length) : '127.0.0.1:0';
    const args = ['standalone', '--data', this.data, '--listen', listen, ...(this.x_demo ? ['--demo'] : [])];
    if (process.env.IOC_WEB) {
      const config = join(this.data, 'e2e.yaml');
      writeFileSync(config, `desk:\n  web_dir: ${process.env.IOC_WEB}\n`);
      args.push('--config', config);
    }
    const log = createWriteStream(join(this.x_out, `ioc-${++this.x_starts}.log`));
    const child = (this.x_child = spawn(kIoc, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        log.write(text);
        said = (said + text).slice(-20_000);
      });
    }
    child.on('exit', (code, signal) => {
      child.ended = `ioc ended by itself (${signal ?? code}):\n${said.slice(-2_000)}`;
    });
    await until('the server says where it listens', () => {
      if (child.ended) throw new Error(child.ended);
      this.url = /wall (http:\/\/[^/\s]+)\/wall/.exec(said)?.[1] ?? this.url;
      return this.url;
    }, 120);
    await until('the server is ready', () => !child.ended && fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false), 120);
  }

  async end(signal) {
    const child = this.x_child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  async remove() {
    await this.end('SIGTERM');
    rmSync(this.data, { recursive: true, force: true });
  }

  /** The admin's name and password: the one-time one of the first start until chose() says that another was chosen. */
  login() {
    if (this.x_chosen) return this.x_chosen;
    const text = readFileSync(join(this.data, 'first-login.txt'), 'utf8');
    return { name: /name: (\S+)/.exec(text)[1], password: /password: (\S+)/.exec(text)[1], oneTime: true };
  }

  chose(password) {
    this.x_chosen = { name: this.login().name, password, oneTime: false };
  }

  async token(name, ...roles) {
    const args = ['token', 'add', name, '--data', this.data, '--json', ...roles.flatMap((role) => ['--role', role])];
    const { stdout } = await promisify(execFile)(kIoc, args);
    return JSON.parse(stdout.trim().split('\n').at(-1)).token;
  }
}
