import {
  KeysUnavailableError,
  standingsOf,
  type AgentIdentity,
  type IdentityProfile,
  type KeyDescription,
  type KeyStanding,
  type RemoteKeyLine,
  type SigningKey,
} from '../../identity/index.ts';
import { isoTime, type DashboardServices } from '../route.ts';

/** A key as administrators see it: never its secret. */
type ListedKey = {
  readonly id: string;
  readonly name: string;
  readonly algorithm: string;
  readonly source: 'stored' | 'configuration' | 'environment' | 'jwks';
  /** `others-win`: the agent has keys of its own, and those count. */
  readonly standing: KeyStanding | 'others-win';
  readonly preview: string | null;
  readonly createdAt: string | null;
  readonly retiredAt: string | null;
  /** Start of the day (UTC) on which a token of it was last accepted. Of stored keys. */
  readonly lastUsedDay: string | null;
  readonly isRevealable: boolean;
};

/** All keys of an agent, wherever they come from, each with whether its tokens are accepted. */
export async function listKeys({ identity, profiles, keys }: KeyPlace & Pick<DashboardServices, 'profiles' | 'keys'>) {
  const profile = await profiles.read(identity);
  const { policy } = profile;
  const rows = await keys.list(identity.agentId);
  const standings = standingsOf(rows, identity, policy);
  const stored = rows.map((row) => fromStore(row, standings.get(row.id) ?? 'retired', policy.revealableKeys));
  const remote = await readRemote(profile);
  return {
    keys: [...stored, ...unstored(identity, profile, rows.length > 0), ...remote.keys],
    /** Why keys cannot be had at the moment, so that no token can be judged; null where they can. */
    problem: profile.keysProblem?.message ?? remote.problem,
    /** False where the configuration file names the keys: then stored ones do not count. */
    mayStore: identity.keys === undefined,
    policy: {
      maxActiveKeys: policy.maxActiveKeys,
      algorithms: policy.algorithms,
      revealableKeys: policy.revealableKeys,
      jwksUrl: policy.jwksUrl,
    },
  };
}

type KeyPlace = { readonly identity: AgentIdentity };

function fromStore(row: KeyDescription, standing: KeyStanding, mayReveal: boolean): ListedKey {
  const { id, name, algorithm, preview, createdAt, retiredAt, lastUsedDay } = row;
  return {
    id,
    name,
    algorithm,
    source: 'stored',
    standing,
    preview,
    createdAt: isoTime(createdAt),
    retiredAt: isoTime(retiredAt),
    lastUsedDay: isoTime(lastUsedDay),
    isRevealable: mayReveal && algorithm === 'HS256',
  };
}

function unstored(identity: AgentIdentity, { policy }: IdentityProfile, hasStored: boolean): readonly ListedKey[] {
  const { keys: configured = [], environmentKeys } = identity;
  const isAllowed = ({ algorithm }: SigningKey) => policy.algorithms.includes(algorithm);
  const standingOf = (key: SigningKey) => (isAllowed(key) ? 'accepted' : 'algorithm-not-allowed');
  const isEnvironmentUsed = configured.length === 0 && (identity.keys !== undefined || !hasStored);
  return [
    ...configured.map((key) => outside(key, 'configuration', standingOf(key))),
    ...environmentKeys.map((key) =>
      outside(key, 'environment', isEnvironmentUsed ? standingOf(key) : 'others-win', 'WIDGET_JWT_HMAC_SECRET'),
    ),
  ];
}

function outside(
  key: SigningKey,
  source: ListedKey['source'],
  standing: ListedKey['standing'],
  name: string = key.id,
): ListedKey {
  const none = { preview: null, createdAt: null, retiredAt: null, lastUsedDay: null, isRevealable: false };
  return { id: key.id, name, algorithm: key.algorithm, source, standing, ...none };
}

/** A key without `alg` can be for several algorithms, and is one key. */
async function readRemote({ remoteKeys, policy }: IdentityProfile) {
  try {
    const byId = Map.groupBy((await remoteKeys?.list()) ?? [], ({ id }) => id);
    return { keys: [...byId.values()].map((lines) => fromHost(lines, policy.algorithms)), problem: null };
  } catch (error) {
    if (!(error instanceof KeysUnavailableError)) throw error;
    return { keys: [], problem: error.message };
  }
}

function fromHost(lines: readonly RemoteKeyLine[], allowed: readonly string[]): ListedKey {
  const { id = '', kid } = lines[0] ?? {};
  const accepted = lines.filter(({ algorithm }) => allowed.includes(algorithm));
  const algorithm = (accepted.length > 0 ? accepted : lines).map((line) => line.algorithm).join(', ');
  const standing = accepted.length > 0 ? 'accepted' : 'algorithm-not-allowed';
  const times = { createdAt: null, retiredAt: null, lastUsedDay: null };
  const preview = id.replace(/^jwks:/, '').slice(0, 16);
  return { id, name: kid ?? '', algorithm, source: 'jwks', standing, preview, ...times, isRevealable: false };
}
