// A wall hangs for months. When the page has shown nothing new for long although the server answers, it loads
// itself again; never while the server is away, because the browser's error page would not come back by itself.

export const kQuietMs = 120_000;
export const kCheckMs = 15_000;
export const kReloadsApartMs = 300_000;

export interface WatchdogWorld {
  now: () => number;
  serverAnswers: () => Promise<boolean>;
  lastReload: () => number;
  reload: () => void;
}

/** Whether to reload now; `lastBeat` is when the page last showed a new clock from the server. */
export async function shouldReload(world: WatchdogWorld, lastBeat: number): Promise<boolean> {
  const now = world.now();
  if (now - lastBeat < kQuietMs || now - world.lastReload() < kReloadsApartMs) return false;
  return world.serverAnswers();
}

const kStamp = 'ioc-wall-reloaded-at';

export const kBrowser: WatchdogWorld = {
  now: () => Date.now(),
  serverAnswers: () => fetch('/wall', { cache: 'no-store', signal: AbortSignal.timeout(5_000) }).then((answer) => answer.ok, () => false),
  lastReload: () => Number(sessionStorage.getItem(kStamp) ?? 0),
  reload: () => {
    sessionStorage.setItem(kStamp, String(Date.now()));
    location.reload();
  },
};

/** `beats` counts clocks drawn on the screen, not merely received. */
export function startWatchdog(beats: () => number, world: WatchdogWorld = kBrowser): void {
  let seen = -1;
  let lastBeat = world.now();
  setInterval(async () => {
    if (beats() !== seen) {
      seen = beats();
      lastBeat = world.now();
    } else if (await shouldReload(world, lastBeat)) world.reload();
  }, kCheckMs);
}
