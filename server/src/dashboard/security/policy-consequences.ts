import { acceptedKeyIds, standingsOf, type AgentIdentity, type Policy } from '../../identity/index.ts';
import type { KeyRow } from '../../storage/index.ts';

type Consequence = {
  /** `danger`: somebody who gets in now does not any more. */
  readonly kind: 'danger' | 'warning' | 'note';
  readonly text: string;
};

type Change = { readonly before: Policy; readonly after: Policy };

type KeyChanges = {
  /** Ids of the keys whose tokens are accepted by now, and will not be. */
  readonly silenced: readonly string[];
  readonly countsAgain: readonly string[];
  readonly left: readonly string[];
};

/** What a policy does to an agent's keys. @param rows its stored keys, newest first */
export function keyChanges(rows: readonly KeyRow[], identity: AgentIdentity, { before, after }: Change): KeyChanges {
  const now = acceptedKeyIds(rows, identity, before);
  const left = acceptedKeyIds(rows, identity, after);
  return {
    silenced: now.filter((id) => !left.includes(id)),
    countsAgain: left.filter((id) => !now.includes(id)),
    left,
  };
}

/** What a change of the policy means for those who are there, said before it is made. */
export function consequencesOf(
  rows: readonly KeyRow[],
  identity: AgentIdentity,
  change: Change,
): readonly Consequence[] {
  const keys = keyChanges(rows, identity, change);
  const found = [...keyConsequences(keys, rows, identity, change.after), ...visitorConsequences(change)];
  const isJudgedAnew = found.some(({ kind }) => kind === 'danger') || judging.some((name) => differs(change, name));
  return isJudgedAnew ? [...found, openStreams] : found;
}

const openStreams: Consequence = {
  kind: 'note',
  text:
    'Who is connected at the moment is judged again at once by the new policy. Whoever does not pass is disconnected, and a ' +
    'reply that is on its way to them ends.',
};

/** What decides whom a token lets in. */
const judging = [
  'access',
  'onInvalidToken',
  'identityClaim',
  'expiry',
  'maxLifetimeSeconds',
  'clockToleranceSeconds',
  'algorithms',
  'jwksUrl',
  'audience',
  'issuer',
  'maxActiveKeys',
] as const;

function differs({ before, after }: Change, name: keyof Policy): boolean {
  return JSON.stringify(before[name]) !== JSON.stringify(after[name]);
}

function keyConsequences(
  { silenced, countsAgain, left }: KeyChanges,
  rows: readonly KeyRow[],
  identity: AgentIdentity,
  after: Policy,
): readonly Consequence[] {
  const named = (ids: readonly string[]): string => nameKeys(ids, rows);
  const again: readonly Consequence[] =
    countsAgain.length === 0
      ? []
      : [{ kind: 'warning', text: `${named(countsAgain)} ${countsAgain.length === 1 ? 'counts' : 'count'} again.` }];
  if (silenced.length === 0) return again;
  const standings = standingsOf(rows, identity, after);
  const isByNumber = silenced.some((id) => standings.get(id) === 'beyond-max-active-keys');
  const why = isByNumber ? 'only the newest of the active keys count' : 'their algorithm is not allowed';
  const rest =
    left.length === 0 && after.jwksUrl === null
      ? 'No key is left: every token is refused.'
      : `Left: ${named(left) || 'those of the JWKS'}.`;
  const text = `No longer accepted: ${named(silenced)} (${why}). Tokens signed with ${silenced.length === 1 ? 'it' : 'them'} are refused from the next request on. ${rest}`;
  return [{ kind: 'danger', text }, ...again];
}

/** `“Backend” and “Old”`; the environment's key is known by the name of its variable. */
function nameKeys(ids: readonly string[], rows: readonly Pick<KeyRow, 'id' | 'name'>[]): string {
  const nameOf = (id: string): string =>
    id === 'environment' ? 'WIDGET_JWT_HMAC_SECRET' : `“${rows.find((row) => row.id === id)?.name ?? id}”`;
  return ids.map(nameOf).join(' and ');
}

type Rule = readonly [applies: (change: Change) => boolean, kind: Consequence['kind'], text: string];

const rules: readonly Rule[] = [
  [
    ({ before, after }) => before.access === 'open' && after.access === 'verified-only',
    'danger',
    'Visitors who are not signed in lose access at once, in chats that are open too.',
  ],
  [
    ({ before, after }) => before.access === 'verified-only' && after.access === 'open',
    'warning',
    'Everybody may chat, also without a token.',
  ],
  [
    ({ before, after }) => before.onInvalidToken === 'anonymous' && after.onInvalidToken !== 'anonymous',
    'danger',
    'Visitors with a bad token, who go on as anonymous ones now, are not answered any more.',
  ],
  [
    (change) => differs(change, 'identityClaim'),
    'danger',
    'A person is known by another claim: visitors do not find the conversations that they had until now, and tokens without that claim are refused.',
  ],
  [
    ({ before, after }) => before.expiry === 'recommended' && after.expiry === 'required',
    'danger',
    'Tokens without “exp” are refused. If your server signs such tokens, let it sign “exp” first.',
  ],
  [
    ({ before, after }) => before.expiry === 'required' && after.expiry === 'recommended',
    'warning',
    'Tokens without “exp” are accepted: each of them is good until its key is retired, or its owner logs out.',
  ],
  [
    ({ before, after }) => (after.maxLifetimeSeconds ?? Infinity) < (before.maxLifetimeSeconds ?? Infinity),
    'danger',
    'Tokens that last longer than the new limit are refused. Let your server sign shorter ones first.',
  ],
  [
    ({ before, after }) => after.clockToleranceSeconds < before.clockToleranceSeconds,
    'warning',
    'Tokens end sooner, and where the clocks of the two servers differ by more, good ones are refused.',
  ],
  [
    ({ before, after }) => isNarrower(before.audience, after.audience),
    'danger',
    'Tokens that name no such audience (“aud”) are refused.',
  ],
  [
    ({ before, after }) => isNarrower(before.issuer, after.issuer),
    'danger',
    'Tokens that name no such issuer (“iss”) are refused.',
  ],
  [
    ({ before, after }) => before.jwksUrl !== null && before.jwksUrl !== after.jwksUrl,
    'danger',
    'The keys of the JWKS address that was set do not count any more.',
  ],
  [
    ({ before, after }) => !before.revealableKeys && after.revealableKeys,
    'warning',
    'All administrators of this agent can look at its stored secrets.',
  ],
  [
    ({ before, after }) => before.claimsToAgent !== 'all' && after.claimsToAgent === 'all',
    'warning',
    'All claims of your tokens go to the agent, and to the model behind it.',
  ],
];

function isNarrower(before: readonly string[] | null, after: readonly string[] | null): boolean {
  return after !== null && (before === null || before.some((name) => !after.includes(name)));
}

function visitorConsequences(change: Change): readonly Consequence[] {
  return rules.flatMap(([applies, kind, text]) => (applies(change) ? [{ kind, text }] : []));
}
