// The outlines of the units valid today. Asked for again every ten minutes: units change, and the first try may fail.

import { api } from '../live/api';
import { store } from '../live/session';
import type { Unit } from '../live/wire';

const kAgainMs = 600_000;
const kRetryMs = 10_000;

/** Valid on the day of `at` (ms)? Dates are whole days or times; `valid_until` is exclusive. */
export function validAt(unit: Pick<Unit, 'valid_from' | 'valid_until'>, at: number): boolean {
  return !(unit.valid_from && Date.parse(unit.valid_from) > at) && !(unit.valid_until && Date.parse(unit.valid_until) <= at);
}

/** Units that are nobody's parent: what incidents are located in. Codes are used again over the years, so kind counts too. */
export function leaves(units: Unit[], at: number): Unit[] {
  const valid = units.filter((unit) => validAt(unit, at));
  const parents = new Set(valid.map((unit) => unit.parent).filter(Boolean));
  const without = valid.filter((unit) => !parents.has(unit.code));
  return without.length > 0 ? without : valid;
}

export function outlinesOf(outlines: GeoJSON.FeatureCollection, units: Unit[], at: number): GeoJSON.FeatureCollection {
  const codes = new Set(leaves(units, at).map((unit) => unit.code));
  const features = outlines.features.filter((feature) => {
    const properties = (feature.properties ?? {}) as Pick<Unit, 'code' | 'valid_from' | 'valid_until'>;
    return codes.has(String(properties.code)) && validAt(properties, at);
  });
  return { type: 'FeatureCollection', features: features.length > 0 ? features : outlines.features };
}

export function currentOutlines(found: (outlines: GeoJSON.FeatureCollection) => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const load = async () => {
    try {
      const [outlines, units] = await Promise.all([api.outlines(), api.units()]);
      found(outlinesOf(outlines, units, store.now() ?? Date.now()));
      timer = setTimeout(load, kAgainMs);
    } catch {
      timer = setTimeout(load, kRetryMs);
    }
  };
  void load();
  return () => clearTimeout(timer);
}
