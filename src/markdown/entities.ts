/** The named references that people and models write; numeric ones are decoded by the lexer. Others stay as typed. */
const named: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  trade: '™',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
  deg: '°',
  times: '×',
  rarr: '→',
  larr: '←',
  euro: '€',
  pound: '£',
};

export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([a-z]{2,6});/g, (whole, name: string) =>
    Object.hasOwn(named, name) ? (named[name] as string) : whole,
  );
}
