// What an incident is called. The sender's title may be a code, or may say what happened only behind where it was cut.

import type { Incident } from '../live/wire';
import { folded } from './fold';
import { categoryWord } from './words';

type Named = Pick<Incident, 'title' | 'category'> & Partial<Pick<Incident, 'category_name' | 'sub_kind' | 'address'>>;

const kSlug = /^[a-z0-9]+(?:-[a-z0-9]+)+(?= — |$)/;

/** The title in words: a code in it is told by its name. */
export function titleWords(incident: Named): string {
  const slug = kSlug.exec(incident.title)?.[0];
  if (slug === undefined) return incident.title;
  const known = categoryWord(slug);
  const name = incident.sub_kind?.name || (known !== slug ? known : '') || incident.category_name || slug.replaceAll('-', ' ');
  return name + incident.title.slice(slug.length);
}

const kUnit = /^(phường|xã|thị trấn|thành phố|huyện|tỉnh|p\.|x\.|tt\.|tp\.?)\s/i;

/** Of an address what the unit's name does not say. */
export function streetOf(address: string | undefined): string {
  const parts = (address ?? '').split(',').map((part) => part.trim());
  return parts.filter((part) => part && !kUnit.test(part)).join(', ');
}

/** For the wall: what happened first, then the street; whatever is cut off, that stays. */
export function headline(incident: Named): string {
  const kind = incident.sub_kind?.name ?? '';
  const title = titleWords(incident);
  if (!kind) return [title, streetOf(incident.address)].filter((part, at) => part && (at === 0 || !folded(title).includes(folded(part)))).join(', ');
  if (folded(title).startsWith(folded(kind))) return title;
  return `${kind}${streetOf(incident.address) ? `, ${streetOf(incident.address)}` : `: ${title}`}`;
}
