// A new critical incident is heard, and seen in the tab's title: who looks elsewhere looks up.

import { effect } from '@preact/signals';
import { store } from '../live/session';
import { isOpen, type Incident } from '../live/wire';

const kNotesHz = [880, 660, 880];
const kNoteS = 0.22;

const waits = (incident: Incident): boolean => incident.severity === 'critical' && isOpen(incident) && !incident.acknowledged_at;

export const waitingCriticals = (incidents: ReadonlyMap<string, Incident>): string[] => [...incidents.values()].filter(waits).map((one) => one.id);

let sound: AudioContext | null = null;

function play(): void {
  sound ??= new AudioContext();
  void sound.resume();
  kNotesHz.forEach((hz, at) => {
    const note = new OscillatorNode(sound!, { frequency: hz });
    const volume = new GainNode(sound!, { gain: 0.3 });
    note.connect(volume).connect(sound!.destination);
    note.start(sound!.currentTime + at * kNoteS);
    note.stop(sound!.currentTime + (at + 0.8) * kNoteS);
  });
  document.documentElement.dataset.alarms = String(Number(document.documentElement.dataset.alarms ?? 0) + 1);
}

/** Browsers let a page sound once somebody has touched it; a kiosk is started with that allowed. */
function unlockSound(): void {
  const unlock = () => {
    sound ??= new AudioContext();
    void sound.resume();
  };
  for (const event of ['pointerdown', 'keydown']) addEventListener(event, unlock, { once: true });
}

/** What is there when the page opens rings not: somebody opened it to look. */
export function watchForCriticals(): void {
  const title = document.title;
  let known: Set<string> | null = null;
  unlockSound();
  effect(() => {
    const waiting = waitingCriticals(store.incidents.value);
    document.title = waiting.length > 0 ? `(${waiting.length} khẩn) ${title}` : title;
    if (!store.complete.value) return;
    if (known !== null && waiting.some((id) => !known!.has(id))) play();
    known = new Set(waiting);
  });
}
