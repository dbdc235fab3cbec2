// One store and one stream for the page; and the second that everything showing an age redraws on.

import { computed, effect, signal } from '@preact/signals';
import { ageOf, truthOf } from './age';
import { api, goToLogin } from './api';
import { LiveStore } from './store';
import { Stream } from './stream';

export const store = new LiveStore();
/** The server's time in ms, once a second; 0 before the first clock. */
export const now = signal(0);

/** Whether what is shown is true now, and how old it is in ms (null: not known). */
export const truth = computed(() => truthOf(store.clock.value, now.value, store.unknownMs()));
export const age = computed(() => ageOf(store.clock.value, now.value));
/** Why nothing new comes, in the server's words; '' while all is well or the server is away. */
export const reason = signal('');

const kReasonMs = 5_000;

function askReason(): void {
  effect(() => {
    if (truth.value === 'live' || truth.value === 'unknown') return void (reason.value = '');
    const ask = () => void api.notReadyBecause().then((words) => (reason.value = words));
    ask();
    const timer = setInterval(ask, kReasonMs);
    return () => clearInterval(timer);
  });
}

export function connect(): Stream {
  const stream = new Stream('/v1/stream', {
    message: (message) => {
      const resumable = store.take(message);
      if (message.event === 'clock') now.value = store.now() ?? 0;
      return resumable;
    },
    dropped: () => store.drop(),
    connection: (connection) => {
      store.connection.value = connection;
    },
    unauthorised: goToLogin,
  });
  stream.start();
  askReason();
  setInterval(() => {
    now.value = store.now() ?? 0;
  }, 1000);
  return stream;
}
