import type { AttachmentService } from '../attachments/index.ts';
import type { Person, PersonalAttachment, PersonalConversation, PersonalMessage, Store } from '../storage/index.ts';
import type { FileLink } from './privacy.ts';

type ExportOptions = {
  readonly store: Store;
  readonly attachments: Pick<AttachmentService, 'read'> | undefined;
  readonly clock: () => number;
  readonly person: Person;
  readonly linkTo: FileLink;
};

const pageRows = 100;
/** A larger file is not written into the text itself; it is got by its link. */
const maxInlineBytes = 5 * 1024 * 1024;

/**
 * One JSON text, piece by piece: no more of it is in memory than a page of messages or one file. Its fields are those of
 * docs/dashboard.md.
 */
export async function* exportPerson(options: ExportOptions): AsyncGenerator<string> {
  const { store, clock, person } = options;
  const contact = await store.contacts.find(person.agentId, person.subject);
  const head = {
    format: 'chat-widget-contact-1',
    exportedAt: iso(clock()),
    agentId: person.agentId,
    subject: person.subject,
    contact:
      contact === undefined
        ? null
        : { claims: contact.claims, firstSeenAt: iso(contact.firstSeenAt), lastSeenAt: iso(contact.lastSeenAt) },
  };
  yield JSON.stringify(head).slice(0, -1);
  yield* list('conversations', conversationsOf(options));
  yield* list('attachments', attachmentsOf(options));
  yield* list('audit', entriesOf(options));
  yield '}\n';
}

/** `"name": […]`, of pieces that are JSON already. */
async function* list(name: string, items: AsyncGenerator<AsyncGenerator<string> | string>): AsyncGenerator<string> {
  yield `,${JSON.stringify(name)}:[`;
  let between = '';
  for await (const item of items) {
    yield between;
    if (typeof item === 'string') yield item;
    else yield* item;
    between = ',\n';
  }
  yield ']';
}

async function* conversationsOf({ store, person }: ExportOptions): AsyncGenerator<AsyncGenerator<string>> {
  let after = '';
  for (;;) {
    const page = await store.privacy.conversationsOf(person, { after, limit: pageRows });
    for (const conversation of page) yield writeConversation(store, conversation);
    after = page.at(-1)?.id ?? '';
    if (page.length < pageRows) return;
  }
}

async function* writeConversation(store: Store, conversation: PersonalConversation): AsyncGenerator<string> {
  const { createdAt, updatedAt, ...facts } = conversation;
  const shown = { ...facts, createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
  yield JSON.stringify(shown).slice(0, -1);
  yield* list('messages', messagesOf(store, conversation.id));
  yield '}';
}

async function* messagesOf(store: Store, conversationId: string): AsyncGenerator<string> {
  let after = 0;
  for (;;) {
    const page = await store.privacy.messagesOf(conversationId, { after, limit: pageRows });
    for (const row of page) yield JSON.stringify(describeMessage(row));
    after = page.at(-1)?.position ?? 0;
    if (page.length < pageRows) return;
  }
}

function describeMessage({ message, sentAlong, createdAt, superseded }: PersonalMessage) {
  const { id, role, parts, metadata } = message;
  const feedback = metadata?.feedback ?? null;
  return { id, role, createdAt: iso(createdAt), superseded, parts, metadata: metadata ?? {}, feedback, sentAlong };
}

async function* attachmentsOf(options: ExportOptions): AsyncGenerator<string> {
  const { store, person } = options;
  let after = '';
  for (;;) {
    const page = await store.privacy.attachmentsOf(person, { after, limit: pageRows });
    for (const row of page) yield JSON.stringify(await describeAttachment(options, row));
    after = page.at(-1)?.id ?? '';
    if (page.length < pageRows) return;
  }
}

async function describeAttachment(options: ExportOptions, row: PersonalAttachment) {
  const { person, attachments, linkTo } = options;
  const { createdAt, ...facts } = row;
  const { id, conversationId, bytes } = facts;
  const link = conversationId === null ? null : linkTo(conversationId, id);
  const found = bytes > maxInlineBytes ? undefined : await attachments?.read({ kind: 'subject', ...person }, id);
  const content = found === undefined ? null : Buffer.from(await new Response(found.content).arrayBuffer());
  return { ...facts, createdAt: iso(createdAt), link, base64: content?.toString('base64') ?? null };
}

/** What the log says of them: consents, actions that ran, changes of their claims. */
async function* entriesOf({ store, person }: ExportOptions): AsyncGenerator<string> {
  let before: string | undefined;
  do {
    const filter = { agentIds: [person.agentId], subject: person.subject };
    const { rows, nextBefore } = await store.audit.page(filter, { limit: pageRows, before });
    // Who of the operators did something is not theirs.
    for (const { at, kind, reason, detail } of rows) yield JSON.stringify({ at: iso(at), kind, reason, detail });
    before = nextBefore ?? undefined;
  } while (before !== undefined);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
