import { render } from 'preact';
import '../shared/base.css';
import './wall.css';
import { connect, store } from '../live/session';
import { watchForCriticals } from '../shared/alarm';
import { letterPx, roomFrom, spaceOf } from './size';
import { Wall } from './wall';
import { startWatchdog } from './watchdog';

const room = roomFrom(new URLSearchParams(location.search));
function fitLetters(): void {
  const px = letterPx(room, innerWidth, innerHeight);
  document.documentElement.style.fontSize = `${px}px`;
  // How much fits: with far seats the letters are large and fewer things have room.
  document.documentElement.dataset.room = spaceOf(innerWidth / px, innerHeight / px);
}
fitLetters();
addEventListener('resize', fitLetters);

connect();
watchForCriticals();
render(<Wall />, document.getElementById('app')!);
startWatchdog(() => store.beats.peek());
