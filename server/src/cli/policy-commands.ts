import { createPolicyBook, policyPresets, presetNames, type PolicyReport } from '../identity/index.ts';
import { asJson, positionalsOf, table, UsageError, type Invocation, type Surroundings } from './tool.ts';
import type { Workplace } from './workplace.ts';

const numbers: ReadonlySet<string> = new Set(['maxLifetimeSeconds', 'clockToleranceSeconds', 'maxActiveKeys']);
const lists: ReadonlySet<string> = new Set(['algorithms', 'audience', 'issuer']);
const flags: ReadonlySet<string> = new Set(['revealableKeys', 'claimAnonymousConversations']);
const nullable: ReadonlySet<string> = new Set(['maxLifetimeSeconds', 'jwksUrl', 'audience', 'issuer']);

/** `policy show|set`. */
export async function runPolicy(invocation: Invocation, place: Workplace, surroundings: Surroundings): Promise<void> {
  const book = createPolicyBook(place.store, surroundings.clock);
  const say = (report: PolicyReport): void =>
    surroundings.write(invocation.flags['json'] === true ? asJson(report) : describe(report));
  switch (invocation.verb) {
    case 'show':
      positionalsOf(invocation);
      return say(await book.show(place.agent));
    case 'set': {
      const changes = readChanges(invocation.positionals);
      const report = await book.set(place.agent, changes);
      say(report);
      return noteOverruled(changes, report, surroundings);
    }
    default:
      throw new UsageError(`There is no command "policy ${invocation.verb}".`);
  }
}

/** `hilal`, `access=open`, `audience=` (takes it back). */
function readChanges(words: readonly string[]): { readonly [name: string]: unknown } {
  if (words.length === 0)
    throw new UsageError(`policy set needs a preset (${presetNames.join(', ')}) or <setting>=<value>.`);
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      return at === -1 ? ['preset', word] : [word.slice(0, at), readValue(word.slice(0, at), word.slice(at + 1))];
    }),
  );
}

/** In the form that the policy has it; what does not fit stays as it was typed, for the policy to refuse. */
function readValue(name: string, text: string): unknown {
  if (text === '') return undefined;
  if (nullable.has(name) && (text === 'none' || text === 'null')) return null;
  if (numbers.has(name)) return /^\d+$/.test(text) ? Number(text) : text;
  if (lists.has(name)) return text.split(',');
  return flags.has(name) && (text === 'true' || text === 'false') ? text === 'true' : text;
}

function describe({ policy, origins, stored }: PolicyReport): string {
  const rows = Object.entries(policy).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : String(value ?? 'none'),
    origins[name as keyof typeof origins],
  ]);
  const preset = stored.preset === undefined ? '' : `\nStored preset: ${stored.preset}\n`;
  return `${table([['SETTING', 'VALUE', 'FROM'], ...rows])}${preset}`;
}

function noteOverruled(changes: object, { origins, stored }: PolicyReport, { note }: Surroundings): void {
  const { preset } = stored;
  const named = [
    ...Object.keys(changes),
    ...(preset !== undefined && 'preset' in changes ? Object.keys(policyPresets[preset]) : []),
  ];
  const overruled = Object.entries(origins).filter(
    ([name, origin]) => origin === 'configuration' && named.includes(name),
  );
  if (overruled.length === 0) return;
  note(`The configuration file names these, and wins: ${overruled.map(([name]) => name).join(', ')}.\n`);
}
