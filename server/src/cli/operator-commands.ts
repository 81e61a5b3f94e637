import { createAccounts } from '../dashboard/index.ts';
import { readEnvironment } from '../config/index.ts';
import type { Store } from '../storage/index.ts';
import {
  asJson,
  escapeControls,
  positionalsOf,
  shortTime,
  table,
  textFlag,
  unknownVerb,
  UsageError,
  type Invocation,
  type Surroundings,
} from './tool.ts';
import { readPublicUrl } from './workplace.ts';

const defaultPort = 8787;

/** `operators link|list`. */
export async function runOperators(invocation: Invocation, store: Store, surroundings: Surroundings): Promise<void> {
  positionalsOf(invocation);
  switch (invocation.verb) {
    case 'link':
      return makeLink(invocation, store, surroundings);
    case 'list':
      return listOperators(invocation, store, surroundings);
    default:
      throw unknownVerb(invocation, ['link', 'list']);
  }
}

/** What opens an account stands behind `#`: it reaches no server's log on its way. */
async function makeLink(invocation: Invocation, store: Store, surroundings: Surroundings): Promise<void> {
  const { write, clock } = surroundings;
  const base = await findAddress(invocation, surroundings);
  const email = textFlag(invocation, 'email');
  const accounts = createAccounts(store.operators, clock);
  const link =
    email === undefined
      ? `${base}/dashboard/setup#${await setupToken(accounts)}`
      : `${base}/dashboard/invitation#${await personalToken(accounts, store, email)}`;
  await store.audit.append({ agentId: '', at: clock(), kind: 'operator-link-created', detail: { by: 'command line' } });
  write(invocation.flags['json'] === true ? asJson({ link }) : `${link}\n`);
}

async function setupToken(accounts: ReturnType<typeof createAccounts>): Promise<string> {
  if (await accounts.needsSetup()) return accounts.createSetupLink();
  throw new UsageError('There is an administrator already. For somebody who cannot sign in: --email <address>.');
}

async function personalToken(
  accounts: ReturnType<typeof createAccounts>,
  store: Store,
  email: string,
): Promise<string> {
  const found = await store.operators.byEmail(email);
  if (found === undefined) throw new UsageError('Nobody has this e-mail address: operators list shows who there is.');
  const { id, state } = found.operator;
  if (state === 'disabled') throw new UsageError('This account is disabled: an administrator can enable it.');
  return (await accounts.createLink(id, state === 'invited' ? 'invitation' : 'reset')).token;
}

/** Where browsers find the server. It runs elsewhere, in a container or behind a proxy: what nobody has said is assumed. */
async function findAddress(invocation: Invocation, { environment, note }: Surroundings): Promise<string> {
  const url = textFlag(invocation, 'url');
  if (url !== undefined) return readUrl(url);
  const { configPath, port } = readEnvironment(environment);
  const publicUrl = await readPublicUrl(textFlag(invocation, 'config') ?? configPath);
  if (publicUrl !== undefined) return new URL(publicUrl).origin;
  const assumed = `http://localhost:${port || defaultPort}`;
  note(
    `${assumed} is assumed. If the server is found elsewhere: --url <address>, or PORT, or --config with its publicUrl.\n`,
  );
  return assumed;
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  const isFit = url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '';
  if (isFit) return url.origin;
  throw new UsageError('--url is where browsers find the server, without a path: https://chat.example.com');
}

async function listOperators({ flags }: Invocation, store: Store, { write }: Surroundings): Promise<void> {
  const operators = await store.operators.list();
  if (flags['json'] === true) return write(asJson(operators));
  const rows = operators.map(({ name, email, role, state, lastSeenAt }) => [
    escapeControls(name),
    escapeControls(email),
    role,
    state,
    shortTime(lastSeenAt),
  ]);
  write(table([['NAME', 'E-MAIL', 'ROLE', 'STATE', 'LAST SEEN'], ...rows]));
}
