import {
  KeysUnavailableError,
  standingsOf,
  type KeyDescription,
  type KeyStanding,
  type Policy,
  type RemoteKeyLine,
  type RemoteKeys,
} from '../identity/index.ts';
import { shortDay, shortTime, table, type Say, type Surroundings } from './tool.ts';
import type { Workplace } from './workplace.ts';

/** `keys list`: the stored keys and those of the JWKS, each with whether its tokens are accepted. */
export async function listKeys(place: Workplace, { note }: Surroundings, say: Say): Promise<void> {
  const { ring, agent, profiles } = place;
  const stored = await ring.list(agent.agentId);
  const { policy, remoteKeys } = await profiles.read(agent);
  const standings = standingsOf(stored, agent, policy);
  const keys = stored.map((key) => ({ ...key, standing: standings.get(key.id) ?? 'retired' }));
  const fromHost = await readRemote(remoteKeys, note);
  const jwks = fromHost.map((key) => ({ ...key, isAccepted: policy.algorithms.includes(key.algorithm) }));
  const remoteRows = rowsOfJwks(jwks);
  const text = `${describeKeys(keys, remoteRows)}${whatCounts(keys, agent)}${howToMend(keys, policy)}`;
  return say(text.trimEnd(), {
    keys,
    configured: agent.keys?.map(({ id, algorithm }) => ({ id, algorithm })) ?? null,
    jwks: remoteKeys === undefined ? null : jwks,
  });
}

/** What is in the way of having them has been said by then. */
async function readRemote(
  remoteKeys: RemoteKeys | undefined,
  note: Surroundings['note'],
): Promise<readonly RemoteKeyLine[]> {
  try {
    return (await remoteKeys?.list()) ?? [];
  } catch (error) {
    if (!(error instanceof KeysUnavailableError)) throw error;
    note(`${error.message}\n`);
    return [];
  }
}

type ListedKey = KeyDescription & { readonly standing: KeyStanding };

const stateOf: { readonly [standing in KeyStanding]: string } = {
  accepted: 'active',
  retired: 'retired',
  'beyond-max-active-keys': 'active, beyond maxActiveKeys: not accepted',
  'algorithm-not-allowed': 'active, algorithm not allowed: not accepted',
  'configuration-wins': 'active, configuration wins: not accepted',
};

/** A key without `alg` can be for several algorithms, and is shown once, with those that the policy allows. */
function rowsOfJwks(keys: readonly (RemoteKeyLine & { readonly isAccepted: boolean })[]): readonly string[][] {
  return [...Map.groupBy(keys, ({ id }) => id)].map(([id, lines]) => {
    const accepted = lines.filter(({ isAccepted }) => isAccepted);
    const state = accepted.length > 0 ? 'from JWKS' : 'from JWKS, algorithm not allowed: not accepted';
    const algorithms = (accepted.length > 0 ? accepted : lines).map(({ algorithm }) => algorithm).join('/');
    return [lines[0]?.kid ?? '(no kid)', '-', algorithms, state, id.replace(/^jwks:/, '').slice(0, 16), '-', '-', '-'];
  });
}

function describeKeys(keys: readonly ListedKey[], remoteRows: readonly string[][]): string {
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.algorithm,
    stateOf[key.standing],
    key.preview,
    shortTime(key.createdAt),
    shortTime(key.retiredAt),
    shortDay(key.lastUsedDay),
  ]);
  const heading = ['KEY', 'NAME', 'ALGORITHM', 'STATE', 'PREVIEW', 'CREATED (UTC)', 'RETIRED', 'LAST USED'];
  const all = [...rows, ...remoteRows];
  return `${rows.length === 0 ? 'No keys are stored.\n' : ''}${all.length === 0 ? '' : table([heading, ...all])}`;
}

function howToMend(keys: readonly ListedKey[], { maxActiveKeys, algorithms }: Policy): string {
  const has = (standing: KeyStanding): boolean => keys.some((key) => key.standing === standing);
  const number = `\nThe policy has maxActiveKeys=${maxActiveKeys}: of the active keys only the newest count. Retire the others, or raise it.\n`;
  const algorithm = `\nThe policy has algorithms=${algorithms.join(',')}: keys for others do not count.\n`;
  return `${has('beyond-max-active-keys') ? number : ''}${has('algorithm-not-allowed') ? algorithm : ''}`;
}

function whatCounts(keys: readonly KeyDescription[], agent: Workplace['agent']): string {
  if (agent.keys !== undefined) {
    const ids = agent.keys.map(({ id }) => id).join(', ') || 'none';
    return `\nThe configuration file names this agent's keys (${ids}): those count, stored ones do not.\n`;
  }
  const usesEnvironment = keys.length === 0 && agent.environmentKeys.length > 0;
  return usesEnvironment ? '\nThe key of WIDGET_JWT_HMAC_SECRET counts, as long as none is stored.\n' : '';
}
