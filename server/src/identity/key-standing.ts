import type { KeyRow } from '../storage/index.ts';
import type { Policy, SigningKey } from './types.ts';

/** What becomes of the tokens of a stored key, and why they are refused. */
export type KeyStanding =
  | 'accepted'
  | 'retired'
  | 'beyond-max-active-keys'
  | 'algorithm-not-allowed'
  | 'configuration-wins';

type KeyLine = Pick<KeyRow, 'id' | 'algorithm' | 'state'>;

/** The part of an agent's identity that decides which ring counts. */
type Unstored = {
  readonly keys: readonly SigningKey[] | undefined;
  readonly environmentKeys: readonly SigningKey[];
};

/** The stored keys that count: the newest, as many as the policy allows. @param rows newest first */
export function countedKeys<Row extends Pick<KeyRow, 'state'>>(
  rows: readonly Row[],
  { maxActiveKeys }: Pick<Policy, 'maxActiveKeys'>,
): readonly Row[] {
  return rows.filter(({ state }) => state === 'active').slice(0, maxActiveKeys);
}

/** What holds for each stored key of an agent. @param rows all of them, newest first */
export function standingsOf(
  rows: readonly KeyLine[],
  agent: Pick<Unstored, 'keys'>,
  policy: Policy,
): ReadonlyMap<string, KeyStanding> {
  const counted = new Set(countedKeys(rows, policy).map(({ id }) => id));
  return new Map(rows.map((row) => [row.id, standingOf(row, counted, agent, policy)]));
}

function standingOf(
  { id, state, algorithm }: KeyLine,
  counted: ReadonlySet<string>,
  { keys }: Pick<Unstored, 'keys'>,
  { algorithms }: Policy,
): KeyStanding {
  if (state === 'retired') return 'retired';
  if (keys !== undefined) return 'configuration-wins';
  if (!counted.has(id)) return 'beyond-max-active-keys';
  return algorithms.some((name) => name === algorithm) ? 'accepted' : 'algorithm-not-allowed';
}

/** The ids of the keys whose tokens an agent accepts, those of a JWKS left aside. @param rows its stored keys, newest first */
export function acceptedKeyIds(
  rows: readonly KeyLine[],
  { keys, environmentKeys }: Unstored,
  policy: Policy,
): readonly string[] {
  const ring = keys !== undefined && keys.length > 0 ? keys : undefined;
  const isStored = keys === undefined && rows.length > 0;
  const counting: readonly Pick<KeyLine, 'id' | 'algorithm'>[] = isStored
    ? countedKeys(rows, policy)
    : (ring ?? environmentKeys);
  return counting.filter(({ algorithm }) => policy.algorithms.some((name) => name === algorithm)).map(({ id }) => id);
}
