import { createHash, randomBytes } from 'node:crypto';
import type { AuditEntry, KeyRow, Store } from '../storage/index.ts';
import type { KeyVault } from './key-vault.ts';
import type { AgentIdentity, ProfileSource } from './profile-source.ts';
import { importPublicKey } from './public-key.ts';
import { isSameKey, keyFingerprint, materialFingerprint, rowFingerprint } from './same-key.ts';
import { importHmacKey } from './signing-key.ts';
import type { Algorithm, PublicAlgorithm } from './types.ts';

/** What may be shown of a stored key. Times are milliseconds since the epoch. */
export type KeyDescription = Pick<
  KeyRow,
  'id' | 'name' | 'algorithm' | 'state' | 'preview' | 'createdAt' | 'retiredAt' | 'lastUsedDay'
>;

/** Why a key could not be changed. The message is for the operator and holds no secret. */
export class KeyRingError extends Error {
  readonly code:
    | 'keys_are_configured'
    | 'algorithm_not_allowed'
    | 'too_many_keys'
    | 'key_exists'
    | 'same_key'
    | 'key_not_found'
    | 'not_revealable'
    | 'invalid_name';

  constructor(code: KeyRingError['code'], message: string) {
    super(message);
    this.name = 'KeyRingError';
    this.code = code;
  }
}

type Naming = { readonly id?: string | undefined; readonly name?: string | undefined };

/** What is brought along: a shared secret, or the public half of a key pair. */
export type ImportedKey = Naming &
  ({ readonly secret: string } | { readonly algorithm: PublicAlgorithm; readonly publicKey: string });

type Operator = NonNullable<AuditEntry['operator']>;

/** The stored keys of agents. Each change holds from the next request on, in every server process, and is audited. */
export type KeyRing = {
  /** The same keys, and whose changes are to be noted. */
  by(operator: Operator): KeyRing;
  /** A new secret of 32 random bytes, as 64 hex digits. It is not shown again, unless the policy has keys revealable. */
  create(agent: AgentIdentity, naming?: Naming): Promise<{ readonly key: KeyDescription; readonly secret: string }>;
  /** Refuses a secret or public key that the agent has already, a retired one and the environment's included. */
  import(agent: AgentIdentity, key: ImportedKey): Promise<KeyDescription>;
  /** Newest first. */
  list(agentId: string): Promise<readonly KeyDescription[]>;
  /** The secret of a key, where the policy says `revealableKeys`. */
  reveal(agent: AgentIdentity, id: string): Promise<string>;
  /**
   * The ids of an agent's other active keys that hold the same secret or public key, those of its configuration and of the
   * environment included: its tokens go on being accepted by them.
   */
  sameAs(agent: AgentIdentity, id: string): Promise<readonly string[]>;
  rename(agentId: string, id: string, name: string): Promise<void>;
  /** Its tokens are refused from the next request on. A second time changes nothing. */
  retire(agentId: string, id: string): Promise<void>;
  /** As `retire`, and forgets it. */
  remove(agentId: string, id: string): Promise<void>;
};

const idPattern = /^[\w.-]{1,64}$/;
const maxNameCharacters = 100;

/**
 * @param dependencies.clock milliseconds since the epoch; default `Date.now`
 * @see KeyRingError, SigningKeyError (a key that does not fit), KeysUnavailableError (the master key), which all may be thrown
 */
export function createKeyRing(dependencies: Dependencies): KeyRing {
  return createRing(dependencies, createRecorder(dependencies, undefined));
}

type Recorder = (kind: AuditEntry['kind'], agentId: string, detail: AuditEntry['detail']) => Promise<void>;

function createRecorder({ store, clock = Date.now }: Dependencies, operator: Operator | undefined): Recorder {
  return async (kind, agentId, detail) => {
    const who = operator === undefined ? {} : { operator };
    await store.audit.append({ agentId, at: clock(), kind, ...(detail === undefined ? {} : { detail }), ...who });
    // Whoever is connected by a token of a key that has gone is looked at again.
    await store.notifier.publish(`revoked:${agentId}`, '');
  };
}

function createRing(dependencies: Dependencies, record: Recorder): KeyRing {
  const { store, clock = Date.now } = dependencies;
  const find = async (agentId: string, id: string) => (await store.keys.list(agentId)).find((key) => key.id === id);
  return {
    by: (operator) => createRing(dependencies, createRecorder(dependencies, operator)),
    async create(agent, naming = {}) {
      const secret = randomBytes(32).toString('hex');
      const { key, retired } = await addKey(dependencies, agent, naming, { algorithm: 'HS256', secret });
      await record('key-created', agent.agentId, detailOf(key, retired));
      return { key, secret };
    },
    async import(agent, imported) {
      const material = readMaterial(imported);
      await requireOpenRing(agent, material.algorithm, dependencies.profiles);
      await requireNew(dependencies, agent, material);
      const { key, retired } = await addKey(dependencies, agent, imported, material);
      await record('key-imported', agent.agentId, detailOf(key, retired));
      return key;
    },
    list: async (agentId) => (await store.keys.list(agentId)).map(describe),
    async reveal(agent, id) {
      const secret = await revealKey(dependencies, agent, id);
      await record('key-revealed', agent.agentId, { keyId: id });
      return secret;
    },
    sameAs: (agent, id) => findSame(dependencies, agent, id),
    async rename(agentId, id, name) {
      const [before, after] = [await find(agentId, id), readName(name)];
      if (before === undefined || !(await store.keys.rename(agentId, id, after))) throw notFound(agentId, id);
      await record('key-renamed', agentId, { keyId: id, before: before.name, after });
    },
    async retire(agentId, id) {
      const changed = await store.keys.retire(agentId, id, clock());
      if (changed) return record('key-retired', agentId, { keyId: id });
      if ((await find(agentId, id)) === undefined) throw notFound(agentId, id);
    },
    async remove(agentId, id) {
      const before = await find(agentId, id);
      if (before === undefined || !(await store.keys.remove(agentId, id))) throw notFound(agentId, id);
      const { name, algorithm, state } = before;
      await record('key-removed', agentId, { keyId: id, before: { name, algorithm, state } });
    },
  };
}

/** @param retired the keys whose place it has taken */
function detailOf({ id, name, algorithm }: KeyDescription, retired: readonly string[]): AuditEntry['detail'] {
  return { keyId: id, after: { name, algorithm }, ...(retired.length === 0 ? {} : { retired }) };
}

type Dependencies = {
  readonly store: Pick<Store, 'keys' | 'audit' | 'notifier'>;
  readonly vault: KeyVault;
  readonly profiles: ProfileSource;
  readonly clock?: () => number;
};

async function addKey(
  { store, vault, profiles, clock = Date.now }: Dependencies,
  agent: AgentIdentity,
  naming: Naming,
  material: Material,
): Promise<{ readonly key: KeyDescription; readonly retired: readonly string[] }> {
  const { agentId } = agent;
  const { policy } = await requireOpenRing(agent, material.algorithm, profiles);
  const id = readId(naming.id);
  requireSecrecy(naming, material);
  const sealFor = async (secret: string) => {
    const others = (await store.keys.sealed()).flatMap((row) => row.sealedSecret ?? []);
    return vault.seal(secret, { agentId, keyId: id }, others);
  };
  const row = {
    agentId,
    id,
    name: readName(naming.name ?? id),
    algorithm: material.algorithm,
    sealedSecret: 'secret' in material ? await sealFor(material.secret) : null,
    publicKey: 'secret' in material ? null : material.publicKey,
    preview: previewOf(material),
    createdAt: clock(),
  };
  const { maxActiveKeys: maxActive } = policy;
  const replace = maxActive === 1;
  const replaced = replace ? (await store.keys.list(agentId)).filter(({ state }) => state === 'active') : [];
  const outcome = await store.keys.add(row, { maxActive, replace });
  if (outcome === 'added') {
    const key = describe({ ...row, state: 'active', retiredAt: null, lastUsedDay: null });
    return { key, retired: replaced.map((each) => each.id) };
  }
  if (outcome === 'exists') throw new KeyRingError('key_exists', `Agent "${agentId}" has a key "${id}" already.`);
  const message = `Agent "${agentId}" has ${maxActive} active keys, as many as its policy allows: retire one first.`;
  throw new KeyRingError('too_many_keys', message);
}

async function revealKey({ store, vault, profiles }: Dependencies, agent: AgentIdentity, id: string): Promise<string> {
  const { agentId } = agent;
  const row = (await store.keys.list(agentId)).find((key) => key.id === id);
  if (row === undefined) throw notFound(agentId, id);
  const { policy } = await profiles.read(agent);
  if (!policy.revealableKeys || row.sealedSecret === null) throw notRevealable(row);
  return vault.open(row.sealedSecret, { agentId, keyId: id });
}

type Material =
  | { readonly algorithm: 'HS256'; readonly secret: string }
  | { readonly algorithm: PublicAlgorithm; readonly publicKey: string };

/** Two keys of the same bytes would let whoever retires one believe that its tokens are refused. */
async function requireNew({ store, vault }: Dependencies, agent: AgentIdentity, material: Material): Promise<void> {
  const { agentId, environmentKeys } = agent;
  const fingerprint = materialFingerprint(material);
  const what = 'secret' in material ? 'secret' : 'public key';
  if (environmentKeys.some((key) => isSameKey(keyFingerprint(key), fingerprint))) {
    const message =
      'This is the secret of WIDGET_JWT_HMAC_SECRET, which would count again once the stored key is removed: to store it, ' +
      "take that variable out of the environment first, the server's and the command line's.";
    throw new KeyRingError('same_key', message);
  }
  const kind = ({ algorithm }: KeyRow) => (algorithm === 'HS256' ? 'secret' : 'public key');
  const same = (await store.keys.list(agentId)).find((row) => {
    const known = kind(row) === what ? rowFingerprint(row, vault) : undefined;
    return known !== undefined && isSameKey(known, fingerprint);
  });
  if (same === undefined) return;
  const advice =
    same.state === 'active'
      ? 'one key is enough'
      : 'it is retired, and to use it again would accept its old tokens too';
  throw new KeyRingError('same_key', `Agent "${agentId}" has this ${what} already, as key "${same.id}": ${advice}.`);
}

async function findSame({ store, vault }: Dependencies, agent: AgentIdentity, id: string): Promise<readonly string[]> {
  const rows = await store.keys.list(agent.agentId);
  const row = rows.find((each) => each.id === id);
  const fingerprint = row === undefined ? undefined : rowFingerprint(row, vault);
  if (fingerprint === undefined) return [];
  const others = rows.flatMap((each) => {
    const known = each.id === id || each.state === 'retired' ? undefined : rowFingerprint(each, vault);
    return known === undefined ? [] : [{ id: each.id, known }];
  });
  const unstored = [...(agent.keys ?? []), ...agent.environmentKeys];
  return [...others, ...unstored.map((key) => ({ id: key.id, known: keyFingerprint(key) }))]
    .filter(({ known }) => isSameKey(known, fingerprint))
    .map((each) => each.id);
}

/** @throws SigningKeyError for a key that does not fit */
function readMaterial(imported: ImportedKey): Material {
  const { id } = imported;
  // Who has named no key would look for one of a name that was made up.
  const label = id === undefined ? 'the imported key' : undefined;
  if ('secret' in imported) {
    importHmacKey({ id: id ?? 'imported', secret: imported.secret, label });
    return { algorithm: 'HS256', secret: imported.secret };
  }
  const { algorithm } = imported;
  const { publicKey } = importPublicKey({ ...imported, id: id ?? 'imported', label });
  return { algorithm, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** A key that could never count is not stored. */
async function requireOpenRing(agent: AgentIdentity, algorithm: Algorithm, profiles: ProfileSource) {
  const { agentId } = agent;
  if (agent.keys !== undefined) {
    const message = `The configuration file names the keys of agent "${agentId}", so stored keys are not used: add it there.`;
    throw new KeyRingError('keys_are_configured', message);
  }
  const profile = await profiles.read(agent);
  const { algorithms } = profile.policy;
  if (algorithms.includes(algorithm)) return profile;
  const message = `The policy of agent "${agentId}" allows ${algorithms.join(', ')} only; set algorithms=${[...algorithms, algorithm].join(',')} first.`;
  throw new KeyRingError('algorithm_not_allowed', message);
}

function readId(id: string | undefined): string {
  if (id === undefined) return `key-${randomBytes(4).toString('hex')}`;
  if (idPattern.test(id)) return id;
  throw new KeyRingError('invalid_name', 'The id of a key must be 1 to 64 of A-Z a-z 0-9 _ . -');
}

/** Id and name are stored and shown as they are. */
function requireSecrecy({ id = '', name = '' }: Naming, material: Material): void {
  if (!('secret' in material) || ![id, name].some((text) => text.includes(material.secret))) return;
  throw new KeyRingError('invalid_name', 'The id or the name of the key holds its secret: choose another.');
}

function readName(name: string): string {
  const fits = name.trim() !== '' && name.length <= maxNameCharacters && !/\p{C}/u.test(name);
  if (fits) return name.trim();
  throw new KeyRingError('invalid_name', `The name of a key must be 1 to ${maxNameCharacters} printable characters.`);
}

/** Enough to tell keys apart, too little to guess one: four characters of a secret, the fingerprint of a public key. */
function previewOf(material: Material): string {
  if ('secret' in material) return `••••${material.secret.slice(-4).replaceAll(/[^\x21-\x7e]/g, '•')}`;
  return `SHA-256 ${createHash('sha256').update(material.publicKey).digest('hex').slice(0, 16)}`;
}

function describe(row: KeyRow): KeyDescription {
  const { id, name, algorithm, state, preview, createdAt, retiredAt, lastUsedDay } = row;
  return { id, name, algorithm, state, preview, createdAt, retiredAt, lastUsedDay };
}

function notFound(agentId: string, id: string): KeyRingError {
  return new KeyRingError('key_not_found', `Agent "${agentId}" has no stored key "${id}".`);
}

function notRevealable({ id, sealedSecret }: KeyRow): KeyRingError {
  const why =
    sealedSecret === null
      ? 'it is a public key, and has no secret'
      : 'it was shown once, when it was made (policy: revealableKeys=false)';
  return new KeyRingError('not_revealable', `Key "${id}" cannot be revealed: ${why}.`);
}
