import { fieldFor, type Words } from './read-settings.ts';

type Settings = Readonly<Record<string, unknown>>;

/** What somebody else has set meanwhile, in words, by the field that it is read beside. Only where it is in the way of `mine`. */
export function theirsOf(
  mine: Settings,
  before: Settings,
  now: Settings,
  words: readonly Words[],
): Readonly<Record<string, string>> {
  const fields = Object.keys(mine).flatMap((name) => {
    if (isSame(before[name], now[name])) return [];
    if (name !== 'appearance') return [[fieldFor(name, words), say(now[name])] as const];
    const [old, set] = [settingsOf(before[name]), settingsOf(now[name])];
    const changed = [...new Set([...Object.keys(old), ...Object.keys(set)])].filter((key) => old[key] !== set[key]);
    return changed.map((key) => [`appearance.${key}`, say(set[key])] as const);
  });
  return Object.fromEntries(fields.map(([name, text]) => [name, `Set meanwhile: ${text}`]));
}

const settingsOf = (value: unknown): Settings => (typeof value === 'object' && value !== null ? { ...value } : {});

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function say(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing.';
  if (typeof value === 'boolean') return value ? 'on.' : 'off.';
  if (typeof value === 'string') return `“${value}”`;
  if (typeof value !== 'object') return `${JSON.stringify(value)}.`;
  if (Array.isArray(value)) return value.length === 0 ? 'nothing.' : value.map(say).join(' ');
  return Object.entries(value)
    .map(([name, each]) => `${name}: ${say(each)}`)
    .join(' ');
}
