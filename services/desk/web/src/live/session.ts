// One store and one stream for the page; and the second that everything showing an age redraws on.

import { signal } from '@preact/signals';
import { goToLogin } from './api';
import { LiveStore } from './store';
import { Stream } from './stream';

export const store = new LiveStore();
/** The server's time in ms, once a second; 0 before the first clock. */
export const now = signal(0);

export function connect(): Stream {
  const stream = new Stream('/v1/stream', {
    message: (message) => {
      const resumable = store.take(message);
      if (message.event === 'clock') now.value = store.now() ?? 0;
      return resumable;
    },
    connection: (connection) => {
      store.connection.value = connection;
    },
    unauthorised: goToLogin,
  });
  stream.start();
  setInterval(() => {
    now.value = store.now() ?? 0;
  }, 1000);
  return stream;
}
