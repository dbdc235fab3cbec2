import { render } from 'preact';
import '../shared/base.css';
import './desk.css';
import { api } from '../live/api';
import { connect } from '../live/session';
import { watchForCriticals } from '../shared/alarm';
import { Desk } from './desk';
import { listen } from './keys';
import { categories, person, sources, start, units } from './state';

async function loadReference(): Promise<void> {
  try {
    const [session, known, seen, kinds] = await Promise.all([api.session(), api.units(), api.sources(), api.categories()]);
    person.value = session.name;
    units.value = known;
    categories.value = kinds;
    sources.value = new Map(seen.map((source) => [source.source, source.name]));
  } catch {
    setTimeout(loadReference, 10_000);
  }
}

start();
listen();
connect();
watchForCriticals();
void loadReference();
render(<Desk />, document.getElementById('app')!);
