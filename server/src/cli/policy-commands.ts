import {
  acceptedKeyIds,
  createPolicyBook,
  policyPresets,
  presetNames,
  standingsOf,
  type AgentIdentity,
  type Policy,
  type PolicyReport,
} from '../identity/index.ts';
import { acceptedKeys, nameKeys } from './accepted-keys.ts';
import { asJson, positionalsOf, table, unknownVerb, UsageError, type Invocation, type Surroundings } from './tool.ts';
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
      const before = await acceptedKeys(place);
      const report = await book.set(place.agent, changes);
      say(report);
      noteOverruled(changes, report, surroundings);
      return noteSilenced(before, report.policy, place, surroundings);
    }
    default:
      throw unknownVerb(invocation, ['show', 'set']);
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

/** Whoever lowers `maxActiveKeys` or narrows `algorithms` has to learn whose tokens are refused by that, before their visitors do. */
async function noteSilenced(
  before: readonly string[],
  policy: Policy,
  { store, agent }: Workplace,
  { note }: Surroundings,
): Promise<void> {
  const rows = await store.keys.list(agent.agentId);
  const accepted = acceptedKeyIds(rows, agent, policy);
  const silenced = before.filter((id) => !accepted.includes(id));
  if (silenced.length === 0) return;
  const standings = standingsOf(rows, agent, policy);
  const isByNumber = silenced.some((id) => standings.get(id) === 'beyond-max-active-keys');
  const why = isByNumber
    ? `maxActiveKeys=${policy.maxActiveKeys}: only the newest count`
    : 'their algorithm is not allowed';
  const left = accepted.length === 0 ? 'No key is left' : `Left: ${nameKeys(accepted)}`;
  const undo = isByNumber
    ? `maxActiveKeys=${Math.min(rows.filter(({ state }) => state === 'active').length, 3)}`
    : `algorithms=${[...new Set([...policy.algorithms, ...algorithmsOf(silenced, rows, agent)])].join(',')}`;
  note(
    `No longer accepted: ${nameKeys(silenced)} (${why}). Tokens that are signed with them are refused from the next request on. ` +
      `${left}. To take it back until your backend signs otherwise: policy set ${undo}\n`,
  );
}

function algorithmsOf(
  ids: readonly string[],
  rows: readonly { readonly id: string; readonly algorithm: string }[],
  { keys, environmentKeys }: AgentIdentity,
): readonly string[] {
  return [...rows, ...(keys ?? []), ...environmentKeys]
    .filter(({ id }) => ids.includes(id))
    .map((key) => key.algorithm);
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
