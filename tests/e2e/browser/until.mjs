/** Asks `check` again until it gives something true, and gives that; after `seconds` it fails with what was waited for. */
export async function until(what, check, seconds = 30) {
  const deadline = performance.now() + seconds * 1000;
  let last;
  for (;;) {
    const found = await check();
    if (found) return found;
    last = found;
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s for: ${what} (last: ${JSON.stringify(last)})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
