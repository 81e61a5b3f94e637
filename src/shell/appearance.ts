/** The attributes that an agent's `appearance` gives a default. */
export type AppearanceDefaults = { readonly theme?: string; readonly position?: string };

type Given = { readonly [name: string]: unknown };

/** A value that comes from a server's configuration goes into a style sheet only where it is wholly of its kind. */
const kinds = {
  color: (value: string): boolean => /^[#\w\s.,%()/-]+$/.test(value) && !references.test(value) && is('color', value),
  length: (value: string): boolean => /^\d{1,3}(\.\d{1,3})?px$|^0$/.test(value),
  family: (value: string): boolean => /^[\w\s,'"-]+$/.test(value) && is('font-family', value),
} as const;

const references = /\b(var|env|url|attr|image)\s*\(/i;
const is = (property: string, value: string): boolean => CSS.supports(property, value);

/** The keys of `appearance` that are custom properties, `docs/styling.md`; with what their values have to be. */
const properties: { readonly [name: string]: keyof typeof kinds } = {
  accent: 'color',
  radius: 'length',
  font: 'family',
  fontSize: 'length',
};

const densities: { readonly [name: string]: string } = { compact: '.7', comfortable: '1' };

const attributes: { readonly [name: string]: { readonly [value: string]: string } } = {
  theme: { light: 'color-scheme:light', dark: 'color-scheme:dark', auto: '' },
  position: { start: 'inset-inline:var(--o) auto', end: '' },
};

/**
 * What the server says of its agent's looks, as a style sheet that counts where the page says nothing: neither in
 * attributes, nor in its custom properties, which have names of their own (`--chat-accent` before `--_chat-accent`).
 *
 * @param appearance of the agent, hostile; what is unknown or unfit is left out
 * @param warn is told of what was left out
 */
export function applyAppearance(root: ShadowRoot, appearance: Given, warn: (text: string) => void): AppearanceDefaults {
  const sheet = new CSSStyleSheet();
  const rule = ruleOf(sheet, ':host');
  const defaults: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(appearance)) {
    const isKnown = typeof value === 'string' && value.length <= 200 && put(sheet, rule, defaults, [name, value]);
    if (!isKnown) warn(`the agent's appearance has no such "${name.slice(0, 40)}", or not with that value.`);
  }
  const accent = rule.getPropertyValue('--_chat-accent');
  if (accent !== '') ruleOf(sheet, 'button').setProperty('--a', `var(--chat-accent,${accent})`);
  // Above the launcher's own, which is the first, and below all others.
  root.adoptedStyleSheets = root.adoptedStyleSheets.toSpliced(1, 0, sheet);
  return defaults;
}

function put(
  sheet: CSSStyleSheet,
  rule: CSSStyleDeclaration,
  defaults: { [name: string]: string },
  [name, value]: readonly [string, string],
): boolean {
  const kind = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (kind !== undefined) {
    if (!kinds[kind](value)) return false;
    rule.setProperty(`--_chat-${name.replace('S', '-s')}`, value);
    return true;
  }
  if (name === 'density' && Object.hasOwn(densities, value)) {
    rule.setProperty('--_chat-density', densities[value] ?? '');
    if (value === 'compact' && rule.getPropertyValue('--_chat-font-size') === '') {
      rule.setProperty('--_chat-font-size', '14px');
    }
    return true;
  }
  const values = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (values === undefined || !Object.hasOwn(values, value)) return false;
  defaults[name] = value;
  const [property = '', wanted = ''] = (values[value] ?? '').split(':');
  if (property !== '') ruleOf(sheet, `:host(:not([${name}])) button`).setProperty(property, wanted);
  return true;
}

/** The selector is ours; values are set by property, so that none of them can close a rule. */
function ruleOf(sheet: CSSStyleSheet, selector: string): CSSStyleDeclaration {
  const index = sheet.insertRule(`${selector}{}`, sheet.cssRules.length);
  return (sheet.cssRules[index] as CSSStyleRule).style;
}
