/** An entry of the audit log, as the API has it. */
export type AuditEntry = {
  readonly id: string;
  readonly at: string;
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly kind: string;
  readonly subject: string | null;
  readonly reason: string | null;
  readonly detail: { readonly [name: string]: unknown } | null;
  /** As they were called then. */
  readonly operator: { readonly id: string; readonly name: string } | null;
};

/** A setting as it was and as it is: null where it was not, or is not, there; undefined where the entry has one of them only. */
export type Change = {
  readonly name: string;
  readonly before: string | null | undefined;
  readonly after: string | null | undefined;
};

export type DescribedEntry = {
  readonly sentence: string;
  readonly changes: readonly Change[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
};

/** Names of operators, by their ids. */
export type People = { readonly [id: string]: string };

type Words = {
  /** In the list of kinds. */
  readonly label: string;
  /** What happened, after who did it where somebody did: `created the key “Shop”`. */
  readonly did: (entry: AuditEntry, people: People) => string;
  /** Where nobody who is known did it: a whole sentence. Default: `Somebody` did. */
  readonly itself?: (entry: AuditEntry, people: People) => string;
};

const quote = (value: unknown): string => `“${text(value)}”`;
const key = ({ detail }: AuditEntry): string => {
  const { after, before } = detail ?? {};
  const name = [after, before].map((each) => (each as { name?: unknown } | null | undefined)?.name).find(Boolean);
  return typeof name === 'string' && name !== '' ? quote(name) : quoted(detail?.['keyId'], 'key');
};
const quoted = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? quote(value) : `a ${otherwise}`;
const count = (value: unknown, one: string, many = `${one}s`): string =>
  value === 1 ? `1 ${one}` : `${typeof value === 'number' ? value : 'some'} ${many}`;
const times = ({ detail }: AuditEntry): string => (detail?.['count'] === 1 ? 'once' : count(detail?.['count'], 'time'));
const person = ({ detail }: AuditEntry, people: People): string => {
  const id = detail?.['operatorId'];
  return typeof id === 'string' ? (people[id] ?? 'somebody who is gone') : 'somebody';
};
const visitor = ({ subject }: AuditEntry): string => (subject === null ? 'a visitor' : quote(subject));
const agent = ({ agentName }: AuditEntry): string => quoted(agentName, 'removed agent').replace(/^a removed/, 'an');
const because = ({ reason }: AuditEntry): string => (reason === null ? '' : `: ${reason}`);

/** One for each kind of entry that the server writes (server/test/dashboard/audit.test.ts holds the two together). */
const words: { readonly [kind: string]: Words } = {
  'token-refused': itself('Token refused', (entry) => `Tokens were refused ${times(entry)}${because(entry)}`),
  'token-revoked': itself(
    'Token revoked',
    (entry) => `${capital(visitor(entry))} logged out, and their token was revoked`,
  ),
  'claims-changed': itself(
    'Claims changed',
    (entry) => `The site says something new of ${visitor(entry)}: ${list(entry.detail?.['claims'])}`,
  ),
  'conversations-claimed': itself(
    'Conversations claimed',
    (entry) => `${capital(visitor(entry))} signed in and took ${count(entry.detail?.['count'], 'conversation')} along`,
  ),
  'action-run': itself(
    'Action run',
    (entry) => `The action ${quoted(entry.detail?.['action'], 'kind')} was run for ${visitor(entry)}${because(entry)}`,
  ),
  'consent-accepted': itself(
    'Terms accepted',
    (entry) =>
      `${capital(visitor(entry))} agreed to the terms${entry.reason === null ? '' : ` ${quote(entry.reason)}`}`,
  ),
  'feedback-given': itself('Feedback given', (entry) => `Answers were rated ${times(entry)}${because(entry)}`),
  'attachment-refused': itself('File refused', (entry) => `Files were refused ${times(entry)}${because(entry)}`),
  'key-created': { label: 'Key created', did: (entry) => `created the key ${key(entry)}` },
  'key-imported': { label: 'Key imported', did: (entry) => `imported the key ${key(entry)}` },
  'key-renamed': { label: 'Key renamed', did: (entry) => `renamed the key ${key(entry)}` },
  'key-retired': { label: 'Key retired', did: (entry) => `retired the key ${key(entry)}` },
  'key-removed': { label: 'Key removed', did: (entry) => `removed the key ${key(entry)}` },
  'key-revealed': {
    label: 'Key revealed',
    did: (entry) => `looked at the key ${key(entry)}`,
  },
  'key-used': itself(
    'Key used',
    (entry) => `The key ${quoted(entry.reason, 'ring')} signed its first token of the day`,
  ),
  'policy-changed': { label: 'Policy changed', did: () => 'changed who is let in' },
  'operator-signed-in': { label: 'Signed in', did: () => 'signed in' },
  'operator-sign-in-failed': itself(
    'Sign-in failed',
    () => 'Somebody could not sign in: e-mail address or password were wrong',
  ),
  'operator-signed-out': { label: 'Signed out', did: () => 'signed out' },
  'operator-created': { label: 'Person invited', did: (entry, people) => `invited ${person(entry, people)}` },
  'operator-changed': {
    label: 'Person changed',
    did: (entry, people) =>
      entry.operator?.id === entry.detail?.['operatorId']
        ? 'changed their own account'
        : `changed the account of ${person(entry, people)}`,
  },
  'operator-removed': {
    label: 'Person removed',
    did: (entry, people) => `removed the account of ${person(entry, people)}`,
  },
  'operator-linked': { label: 'Single sign-on linked', did: () => 'linked single sign-on to their account' },
  'operator-password-changed': { label: 'Password changed', did: () => 'changed their password' },
  'operator-session-revoked': { label: 'Session ended', did: () => 'ended one of their sessions' },
  'operator-link-created': {
    label: 'Sign-in link made',
    did: (entry, people) => `made a one-time link for ${person(entry, people)}`,
    itself: () => 'Somebody made a one-time link on the command line',
  },
  'agent-created': { label: 'Agent created', did: (entry) => `created the agent ${agent(entry)}` },
  'agent-changed': { label: 'Agent changed', did: (entry) => `changed the agent ${agent(entry)}` },
  'agent-removed': { label: 'Agent removed', did: (entry) => `removed the agent ${agent(entry)}` },
  'conversation-taken-over': {
    label: 'Conversation taken over',
    did: (entry, people) => {
      const from = entry.detail?.['from'];
      return `took over a conversation${typeof from === 'string' ? ` from ${people[from] ?? 'somebody who is gone'}` : ''}`;
    },
  },
  'conversation-handed-back': {
    label: 'Conversation handed back',
    did: () => 'handed a conversation back to the agent',
  },
  'conversation-assigned': {
    label: 'Conversation assigned',
    did: (entry, people) => {
      const after = entry.detail?.['after'];
      if (after === null) return 'took a conversation from whoever had it';
      if (after === entry.operator?.id) return 'took care of a conversation';
      return `gave a conversation to ${typeof after === 'string' ? (people[after] ?? 'somebody who is gone') : 'somebody'}`;
    },
  },
  'conversation-closed': { label: 'Conversation closed', did: () => 'closed a conversation' },
  'conversation-reopened': { label: 'Conversation reopened', did: () => 'opened a conversation again' },
  'conversation-removed': { label: 'Conversation deleted', did: () => 'deleted a conversation' },
  'conversations-exported': { label: 'Conversations exported', did: () => 'exported conversations' },
  'contact-exported': { label: 'Contact exported', did: (entry) => `exported what is kept of ${visitor(entry)}` },
  'contact-removed': {
    label: 'Contact deleted',
    did: ({ detail }) => `deleted a contact with ${count(detail?.['conversations'], 'conversation')}`,
  },
  'note-added': { label: 'Note added', did: () => 'wrote a note on a conversation' },
  'note-removed': { label: 'Note removed', did: () => 'removed a note from a conversation' },
  'canned-reply-created': {
    label: 'Saved reply created',
    did: (entry) => `made the saved reply ${quoted(entry.detail?.['shortcut'], 'text')}`,
  },
  'canned-reply-changed': {
    label: 'Saved reply changed',
    did: (entry) => `changed the saved reply ${quoted(entry.detail?.['shortcut'], 'text')}`,
  },
  'canned-reply-removed': {
    label: 'Saved reply removed',
    did: (entry) => `removed the saved reply ${quoted(entry.detail?.['shortcut'], 'text')}`,
  },
  'audit-exported': { label: 'Audit log exported', did: () => 'exported the audit log' },
  'retention-run': itself('Retention', ({ detail }) => {
    const { days, conversations, contacts } = detail ?? {};
    return `After ${count(days, 'day')}, ${count(conversations, 'conversation')} and ${count(contacts, 'contact')} were deleted`;
  }),
};

function itself(label: string, sentence: (entry: AuditEntry, people: People) => string): Words {
  return { label, did: sentence, itself: sentence };
}

/** What each kind is called. */
export const kindLabels: { readonly [kind: string]: string } = Object.fromEntries(
  Object.entries(words).map(([kind, { label }]) => [kind, label]),
);

export function describeEntry(entry: AuditEntry, people: People = {}): DescribedEntry {
  return { sentence: sentenceOf(entry, people), changes: changesOf(entry.detail, people), facts: factsOf(entry) };
}

function sentenceOf(entry: AuditEntry, people: People): string {
  const { did, itself: alone } = words[entry.kind] ?? {
    did: () => `did what this version has no words for: ${entry.kind}`,
  };
  // What happens by itself has one sentence, whoever stands beside it.
  if (alone !== undefined && (entry.operator === null || alone === did)) return alone(entry, people);
  return `${entry.operator === null ? 'Somebody' : capital(entry.operator.name) || 'Somebody'} ${did(entry, people)}`;
}

/** `{before, after}` of an entry: of one thing, or of several by their names. */
function changesOf(detail: AuditEntry['detail'], people: People): readonly Change[] {
  const { before, after } = detail ?? {};
  if (before === undefined && after === undefined) return [];
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const say = (name: string, value: unknown): string | null => {
    // Who is limited to no agents sees all of them.
    const said = name === 'agentIds' && value === null ? 'all' : shown(value);
    return said === null ? null : (people[said] ?? said);
  };
  return names
    .map((name) => ({
      name: labelOf(name),
      before: before === undefined ? undefined : say(name, old[name]),
      after: after === undefined ? undefined : say(name, now[name]),
    }))
    .filter((change) => change.before !== change.after);
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return value === undefined ? {} : { '': value };
  return value as { readonly [name: string]: unknown };
}

/** Those that stand in the sentence, or say nothing to a person, are left out. */
const known = new Set([
  'before',
  'after',
  'changed',
  'operatorId',
  'count',
  'claims',
  'shortcut',
  'inputHash',
  'from',
  'by',
  // Ids that nothing on the page is found by.
  'noteId',
  'cannedReplyId',
  'revision',
]);
const labels: { readonly [name: string]: string } = {
  agentIds: 'agents',
  allowedOrigins: 'allowed origins',
  keyId: 'key',
  conversationId: 'conversation',
  toolCallId: 'call',
  durationMs: 'took (ms)',
};

function factsOf({ detail }: AuditEntry): DescribedEntry['facts'] {
  return Object.entries(detail ?? {}).flatMap(([name, value]) => {
    const said = known.has(name) ? null : shown(value);
    return said === null ? [] : [{ name: labelOf(name), value: said }];
  });
}

/** `maxMessageCharacters` as `max message characters`. */
const labelOf = (name: string): string =>
  labels[name] ??
  name
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .replaceAll('.', ' › ')
    .toLowerCase();

const maxShown = 300;

function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const said = text(value);
  return said.length > maxShown ? `${said.slice(0, maxShown)}…` : said;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(text).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return JSON.stringify(value) ?? '';
}

function list(value: unknown): string {
  return Array.isArray(value) && value.length > 0 ? value.map(text).join(', ') : 'their claims';
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
