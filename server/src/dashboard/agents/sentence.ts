const units: { readonly [origin: string]: string } = { array: ' in the list', string: ' characters' };

/** The validator's own messages, which nobody who fills in a form should have to read. */
const plainly: readonly (readonly [RegExp, (...found: readonly string[]) => string])[] = [
  [/^Invalid input: expected \w+, received (?:undefined|null)$/, () => 'Fill this in'],
  [/^Invalid input: expected (?:number|int), received \w+$/, () => 'Write a whole number'],
  [
    /^Too big: expected (\w+) to (?:be|have) <=?\s*(-?\d+)/,
    (kind, count) => `At most ${count}${units[kind ?? ''] ?? ''}`,
  ],
  [
    /^Too small: expected (\w+) to (?:be|have) >=?\s*(-?\d+)/,
    (kind, count) => `At least ${count}${units[kind ?? ''] ?? ''}`,
  ],
  [/^Invalid (?:URL|url)$/, () => 'Write a web address, such as https://shop.example'],
];

/** What is wrong with a setting, as it is read beside its field: `must be at least 1` becomes "Must be at least 1." */
export function sentence(message: string): string {
  let text = message;
  for (const [pattern, say] of plainly) {
    const found = pattern.exec(message);
    if (found) text = say(...found.slice(1));
  }
  const [first = ''] = text;
  const capital = first.toUpperCase() + text.slice(first.length);
  return /[.!?)]$/.test(capital) ? capital : `${capital}.`;
}
