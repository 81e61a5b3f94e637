import { randomUUID } from 'node:crypto';
import { signingSecretSchema } from '../agents/index.ts';
import { KeysUnavailableError, type KeyVault } from '../identity/index.ts';
import { formatPath, type Issue } from './issues.ts';
import { actionPlace, type StoredAction } from './stored-agent.ts';

/** An action as operators want it. */
export type ActionChange = {
  /** Of one that is there; undefined for a new one. */
  readonly id?: string | undefined;
  /** As in a configuration file, without the secret. */
  readonly settings: { readonly [name: string]: unknown };
  /** Signs its calls. A new action needs one; undefined leaves the one that is there. */
  readonly signingSecret?: string | undefined;
};

type Place = {
  readonly agentId: string;
  readonly vault: KeyVault;
  /** All that is sealed already, so that one database has one master key. */
  readonly sealed: readonly string[];
  readonly visitorSecrets: ReadonlySet<string>;
  /** Where they may call; undefined: any https address. */
  readonly origins: readonly string[] | undefined;
};

/** The actions as they are stored. What is wrong beside their settings is named in `issues`. */
export function sealActions(
  changes: readonly ActionChange[],
  stored: readonly StoredAction[],
  place: Place,
  issues: Issue[],
): readonly StoredAction[] {
  return changes.map(({ id: given, settings, signingSecret }, at) => {
    const known = stored.find(({ id }) => id === given);
    const { signingSecret: _, ...plain } = settings;
    const refuse = (name: string, message: string) => issues.push({ path: formatPath(['actions', at, name]), message });
    if (given !== undefined && known === undefined) refuse('id', 'is no action of this agent');
    const where = addressProblem(plain['url'], place.origins);
    if (where !== undefined) refuse('url', where);
    const id = known?.id ?? randomUUID();
    if (signingSecret === undefined && known !== undefined) return { ...known, settings: plain };
    const seal = signingSecret === undefined ? isNeeded : trySeal(signingSecret, id, place);
    if (seal.state === 'sealed') return { id, settings: plain, sealedSecret: seal.text };
    refuse('signingSecret', seal.message);
    return { id, settings: plain, sealedSecret: '' };
  });
}

type Sealed =
  | { readonly state: 'sealed'; readonly text: string }
  | { readonly state: 'refused'; readonly message: string };

const isNeeded: Sealed = {
  state: 'refused',
  message: 'is needed: what the calls are signed with, at least 32 bytes (`openssl rand -hex 32` makes one)',
};

function trySeal(secret: string, actionId: string, { agentId, vault, sealed, visitorSecrets }: Place): Sealed {
  const result = signingSecretSchema.safeParse(secret);
  const message = result.error?.issues[0]?.message;
  if (message !== undefined) return { state: 'refused', message };
  if (visitorSecrets.has(secret)) {
    return { state: 'refused', message: "must not be a key that visitors' tokens are signed with" };
  }
  try {
    return { state: 'sealed', text: vault.seal(secret, actionPlace(agentId, actionId), sealed) };
  } catch (error) {
    if (!(error instanceof KeysUnavailableError)) throw error;
    return { state: 'refused', message: error.message };
  }
}

/** Plain http, which the file may name for this machine, reaches what only the machine itself is meant to. */
function addressProblem(url: unknown, origins: readonly string[] | undefined): string | undefined {
  const parsed = typeof url === 'string' ? URL.parse(url) : null;
  if (parsed === null) return undefined;
  if (origins !== undefined) {
    if (origins.includes(parsed.origin)) return undefined;
    return 'must be at an origin that the configuration file allows (actionOrigins)';
  }
  if (parsed.protocol === 'https:') return undefined;
  return 'must be https: other addresses have to be allowed in the configuration file (actionOrigins)';
}
