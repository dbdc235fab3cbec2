// Where the operator is in the list. A row that was worked on moves or leaves; the next one is still the one that stood below it.

export interface Place {
  id: string;
  standing: string; // what decides where the row stands, as it was then
  ids: readonly string[]; // the list as it was then
}

/** The row `step` rows on; null: there is none on this page. */
export function nextOf(place: Place | null, chosen: string, standing: string, ids: readonly string[], step: number): string | null {
  const at = ids.indexOf(chosen);
  if (place === null || place.id !== chosen || (at !== -1 && place.standing === standing)) {
    if (at === -1) return ids[step > 0 ? 0 : ids.length - 1] ?? null;
    return ids[at + step] ?? null;
  }
  const here = new Set(ids);
  for (let i = place.ids.indexOf(chosen) + step; i >= 0 && i < place.ids.length; i += step) {
    const id = place.ids[i]!;
    if (id !== chosen && here.has(id)) return id;
  }
  return null;
}
