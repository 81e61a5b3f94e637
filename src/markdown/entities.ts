/**
 * HTML 4's names of Latin letters and signs, in the order of their code points from U+00A0 on. Of the 2,125 names that
 * CommonMark knows these and the ones below are what people and models write; others stay as they were typed.
 */
const latin =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para ' +
  'middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute ' +
  'Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml ' +
  'Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ' +
  'ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

const others: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  trade: '™',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  sbquo: '‚',
  ldquo: '“',
  rdquo: '”',
  bdquo: '„',
  lsaquo: '‹',
  rsaquo: '›',
  bull: '•',
  rarr: '→',
  larr: '←',
  uarr: '↑',
  darr: '↓',
  harr: '↔',
  euro: '€',
  permil: '‰',
  OElig: 'Œ',
  oelig: 'œ',
  Scaron: 'Š',
  scaron: 'š',
  infin: '∞',
  ne: '≠',
  le: '≤',
  ge: '≥',
  asymp: '≈',
  minus: '−',
  check: '✓',
};

const named = new Map([
  ...latin.split(' ').map((name, index) => [name, String.fromCharCode(0xa0 + index)] as const),
  ...Object.entries(others),
]);

/** Numeric references are decoded by the lexer. */
export function decodeEntities(text: string): string {
  return text.includes('&')
    ? text.replace(/&([A-Za-z]{2,6}\d{0,2});/g, (whole, name: string) => named.get(name) ?? whole)
    : text;
}

/** Also the numeric ones, which the lexer leaves in addresses. */
export function decodeReferences(text: string): string {
  const numeric = /&#(?:x(?<hex>[\da-f]{1,6})|(?<decimal>\d{1,7}));|&[a-z\d]+;/gi;
  return text.replace(numeric, (...match: unknown[]) => {
    const { hex, decimal } = match.at(-1) as { hex?: string; decimal?: string };
    if (hex === undefined && decimal === undefined) return decodeEntities(String(match[0]));
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code === 0 || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  });
}
