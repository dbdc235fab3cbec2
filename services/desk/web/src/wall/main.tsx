import { render } from 'preact';
import '../shared/base.css';
import './wall.css';
import { connect, store } from '../live/session';
import { letterPx, roomFrom } from './size';
import { Wall } from './wall';
import { startWatchdog } from './watchdog';

const room = roomFrom(new URLSearchParams(location.search));
function fitLetters(): void {
  const px = letterPx(room, innerWidth, innerHeight);
  document.documentElement.style.fontSize = `${px}px`;
  // How much fits: with far seats the letters are large and fewer things have room.
  const wide = Math.min(innerWidth, (innerHeight * 16) / 9) / px;
  document.documentElement.dataset.room = wide >= 44 ? 'full' : wide >= 26 ? 'some' : 'little';
}
fitLetters();
addEventListener('resize', fitLetters);

connect();
render(<Wall />, document.getElementById('app')!);
startWatchdog(() => store.beats.peek());
