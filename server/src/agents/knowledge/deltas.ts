const minDeltaCharacters = 24;

/** Cuts an answer into pieces of a few whole words, so that it grows on the screen as speech does. */
export function deltasOf(text: string): readonly string[] {
  const deltas: string[] = [];
  let delta = '';
  for (const word of text.match(/\s*\S+/g) ?? []) {
    delta += word;
    if (delta.length < minDeltaCharacters && !/[.!?:]$/.test(word)) continue;
    deltas.push(delta);
    delta = '';
  }
  return delta === '' ? deltas : [...deltas, delta];
}
