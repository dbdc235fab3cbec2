// How large letters must be for the farthest seat: capital letters of 20 arc-minutes (ISO 9241-303's comfortable
// height). Everything on the wall is measured in rem = this size, so one number sets the whole page.

export const kArcMinutes = 20;
/** Capital height of Be Vietnam Pro as a share of the font size. */
export const kCapHeight = 0.705;

export interface Room {
  farthestSeatM: number; // metres from the panel
  panelInches: number; // diagonal, 16:9
}
export const kRoom: Room = { farthestSeatM: 3, panelInches: 55 };

/** From the address: /wall?seat_m=5&panel_in=65. What is missing or absurd falls back to 3 m and 55 inches. */
export function roomFrom(query: URLSearchParams): Room {
  const within = (name: string, low: number, high: number, other: number) => {
    const value = Number(query.get(name));
    return value >= low && value <= high ? value : other;
  };
  return { farthestSeatM: within('seat_m', 1, 30, kRoom.farthestSeatM), panelInches: within('panel_in', 20, 200, kRoom.panelInches) };
}

/** Font size in CSS pixels for a page of this size shown full-screen on the panel. 3 m, 55", 1920 × 1080 → 39. */
export function letterPx(room: Room, widthPx: number, heightPx: number): number {
  const [long, short] = [Math.max(widthPx, heightPx), Math.min(widthPx, heightPx)]; // a panel may hang upright
  const heightOf16To9 = Math.min(short, (long * 9) / 16);
  const panelHeightMm = room.panelInches * 25.4 * (9 / Math.hypot(16, 9));
  const capMm = room.farthestSeatM * 1000 * Math.tan(((kArcMinutes / 60) * Math.PI) / 180);
  return ((capMm * heightOf16To9) / panelHeightMm) / kCapHeight;
}

export type Space = 'full' | 'tall' | 'some' | 'little';

/** How much fits on a page of so many letters: with far seats the letters are large and fewer things have room. */
export function spaceOf(widthLetters: number, heightLetters: number): Space {
  if (heightLetters > widthLetters && widthLetters >= 25) return 'tall';
  const wide = Math.min(widthLetters, (heightLetters * 16) / 9);
  return wide >= 44 ? 'full' : wide >= 26 ? 'some' : 'little';
}
