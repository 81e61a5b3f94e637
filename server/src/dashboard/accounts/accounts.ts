import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Operator, OperatorLink, OperatorSession, OperatorStore, SignInProof } from '../../storage/index.ts';
import { hashPassword, isPassword } from './passwords.ts';

/** Whoever has not come back for so long signs in again, in milliseconds. */
export const sessionMs = 7 * 24 * 60 * 60 * 1_000;
const linkMs = { setup: 24 * 60 * 60 * 1_000, invitation: 7 * 24 * 60 * 60 * 1_000, reset: 24 * 60 * 60 * 1_000 };

export type OpenedSession = { readonly token: string; readonly session: OperatorSession };
/** Who may be let in, by what they have shown. */
export type SignedIn = { readonly operator: Operator; readonly proof: SignInProof };
export type NewOperator = Pick<Operator, 'email' | 'name' | 'role' | 'agentIds'>;

/** Who may sign in, and how. Tokens of sessions and links are random; only their hashes are stored. */
export type Accounts = {
  /** True until there is an administrator. */
  needsSetup(): Promise<boolean>;
  /** A link's token for whoever becomes the first administrator. An earlier one ends. */
  createSetupLink(): Promise<string>;
  /** A link's token for somebody who is to set a password. */
  createLink(operatorId: string, kind: 'invitation' | 'reset'): Promise<{ token: string; expiresAt: number }>;
  /** Whom a link is for, without using it; null for the first administrator. Undefined where it does not hold. */
  checkLink(token: string): Promise<{ kind: OperatorLink['kind']; operator: Operator | null } | undefined>;
  /** Undefined where the link does not hold, or there is an administrator already. `exists`: the e-mail is another's. */
  setUp(
    token: string,
    person: { name: string; email: string; password: string },
  ): Promise<SignedIn | 'exists' | undefined>;
  /** Sets the password of whom a link is for. Undefined where the link does not hold. */
  accept(token: string, person: { name?: string | undefined; password: string }): Promise<SignedIn | undefined>;
  invite(person: NewOperator): Promise<Operator | 'exists'>;
  /** Undefined for everything but the right password of somebody who is active. */
  signIn(email: string, password: string): Promise<SignedIn | undefined>;
  isPasswordOf(operatorId: string, password: string): Promise<boolean>;
  /** False where `current` is not the password, or not any more. */
  setPassword(
    operatorId: string,
    passwords: { readonly current: string; readonly next: string },
    keepSession: string,
  ): Promise<boolean>;
  /** Undefined where the account was changed since, so that what was shown opens it no more. */
  openSession(who: SignedIn, device: string): Promise<OpenedSession | undefined>;
  /** Undefined where nobody is signed in by this token, or there is none. */
  useSession(
    token: string | undefined,
  ): Promise<{ session: OperatorSession; operator: Operator; sessionHash: string } | undefined>;
  closeSession(token: string): Promise<boolean>;
};

export function createAccounts(store: OperatorStore, clock: () => number): Accounts {
  return {
    needsSetup: async () => !(await store.hasAdministrator()),
    ...createLinks(store, clock),
    invite: (person) => addOperator(store, person, { state: 'invited', passwordHash: null, createdAt: clock() }),
    async signIn(email, password) {
      const found = await store.byEmail(email);
      const isRight = await isPassword(password, found?.passwordHash);
      if (!isRight || typeof found?.passwordHash !== 'string' || found.operator.state !== 'active') return undefined;
      return { operator: found.operator, proof: { passwordHash: found.passwordHash } };
    },
    async isPasswordOf(operatorId, password) {
      return isPassword(password, (await store.credentials(operatorId))?.passwordHash);
    },
    async setPassword(operatorId, { current, next }, keepSession) {
      const passwordHash = (await store.credentials(operatorId))?.passwordHash ?? null;
      if (!(await isPassword(current, passwordHash))) return false;
      const from = { state: 'active', passwordHash } as const;
      const change = { passwordHash: await hashPassword(next) };
      return (await store.accept(operatorId, from, change, keepSession)) === 'accepted';
    },
    ...createSessions(store, clock),
  };
}

type NewState = Pick<Operator, 'state' | 'createdAt'> & { readonly passwordHash: string | null };

async function addOperator(store: OperatorStore, person: NewOperator, { passwordHash, ...is }: NewState) {
  const operator = { ...person, ...is, id: randomUUID() };
  const outcome = await store.add({ ...operator, passwordHash });
  return outcome === 'exists' ? outcome : { ...operator, isLinked: false, lastSeenAt: null };
}

type Links = Pick<Accounts, 'createSetupLink' | 'createLink' | 'checkLink' | 'setUp' | 'accept'>;

function createLinks(store: OperatorStore, clock: () => number): Links {
  async function addLink(kind: OperatorLink['kind'], operatorId: string | null) {
    const token = newToken();
    const now = clock();
    const expiresAt = now + linkMs[kind];
    await store.addLink({ tokenHash: hashToken(token), kind, operatorId, createdAt: now, expiresAt });
    return { token, expiresAt };
  }

  return {
    createSetupLink: async () => (await addLink('setup', null)).token,
    createLink: (operatorId, kind) => addLink(kind, operatorId),
    checkLink: (token) => checkLink(store, token, clock()),
    async setUp(token, { name, email, password }) {
      const link = await store.findLink(hashToken(token), clock());
      if (link?.kind !== 'setup' || (await store.hasAdministrator())) return undefined;
      // The link is still good for another address.
      if ((await store.byEmail(email)) !== undefined) return 'exists';
      const passwordHash = await hashPassword(password);
      // Of two at the same moment one gets it.
      if ((await store.takeLink(hashToken(token), clock())) === undefined) return undefined;
      const person = { name, email, role: 'admin', agentIds: null } as const;
      const operator = await addOperator(store, person, { state: 'active', passwordHash, createdAt: clock() });
      return operator === 'exists' ? operator : { operator, proof: { passwordHash } };
    },
    async accept(token, { name, password }) {
      const link = await store.findLink(hashToken(token), clock());
      if (link === undefined || link.operatorId === null) return undefined;
      const before = await store.credentials(link.operatorId);
      if (before === undefined) return undefined;
      const passwordHash = await hashPassword(password);
      if ((await store.takeLink(hashToken(token), clock())) === undefined) return undefined;
      const from = { state: stateFor(link.kind), passwordHash: before.passwordHash } as const;
      const change = { passwordHash, ...(name === undefined ? {} : { name }) };
      if ((await store.accept(link.operatorId, from, change)) !== 'accepted') return undefined;
      const operator = await store.find(link.operatorId);
      return operator === undefined ? undefined : { operator, proof: { passwordHash } };
    },
  };
}

/** An invitation opens an account, once; a new password does not open one that was closed. */
const stateFor = (kind: OperatorLink['kind']) => (kind === 'invitation' ? 'invited' : 'active');

async function checkLink(store: OperatorStore, token: string, now: number) {
  const link = await store.findLink(hashToken(token), now);
  if (link === undefined) return undefined;
  const { kind, operatorId } = link;
  if (operatorId === null) return (await store.hasAdministrator()) ? undefined : { kind, operator: null };
  const operator = await store.find(operatorId);
  return operator?.state === stateFor(kind) ? { kind, operator } : undefined;
}

function createSessions(
  store: OperatorStore,
  clock: () => number,
): Pick<Accounts, 'openSession' | 'useSession' | 'closeSession'> {
  return {
    async openSession({ operator, proof }, device) {
      const token = newToken();
      const now = clock();
      const times = { createdAt: now, lastUsedAt: now, expiresAt: now + sessionMs };
      const session = { id: randomUUID(), operatorId: operator.id, device, ...times };
      const isOpen = await store.openSession({ ...session, tokenHash: hashToken(token) }, proof);
      return isOpen ? { token, session } : undefined;
    },
    async useSession(token) {
      if (token === undefined || !tokenPattern.test(token)) return undefined;
      const sessionHash = hashToken(token);
      const found = await store.useSession(sessionHash, clock());
      return found === undefined ? undefined : { ...found, sessionHash };
    },
    closeSession: (token) => store.closeSession(hashToken(token)),
  };
}

const tokenPattern = /^[\w-]{43}$/;

/** 256 random bits. */
function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
