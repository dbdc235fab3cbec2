import { render } from 'preact';
import '../shared/base.css';
import './desk.css';
import { api } from '../live/api';
import { connect } from '../live/session';
import { Desk } from './desk';
import { listen } from './keys';
import { person, start, units } from './state';

async function loadReference(): Promise<void> {
  try {
    const [session, known] = await Promise.all([api.session(), api.units()]);
    person.value = session.name;
    units.value = known;
  } catch {
    setTimeout(loadReference, 10_000);
  }
}

start();
listen();
connect();
void loadReference();
render(<Desk />, document.getElementById('app')!);
