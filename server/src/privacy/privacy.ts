import type { AttachmentService } from '../attachments/index.ts';
import type { ConversationService } from '../conversations/index.ts';
import type { AuditEntry, Person, Store } from '../storage/index.ts';
import { createClearing } from './clear-away.ts';
import { exportPerson } from './export-person.ts';
import { createRetention, type RetentionLog, type RetentionRule } from './retention.ts';

export type PrivacyOptions = {
  readonly store: Store;
  readonly conversations: Pick<ConversationService, 'remove' | 'removeIdle'>;
  /** Undefined where this server keeps no files. */
  readonly attachments: Pick<AttachmentService, 'read' | 'clearAway'> | undefined;
  /** Which agents' conversations are kept for how long, asked for before each run. */
  readonly rules: () => readonly RetentionRule[];
  /** Different for every server process on the same database. */
  readonly processId: string;
  readonly clock: () => number;
  readonly log: RetentionLog;
  /** How often what is too old is looked for, in milliseconds. Default 15 min. */
  readonly retentionEveryMs?: number | undefined;
};

/** How much of somebody's was removed. */
export type Removal = {
  readonly conversations: number;
  readonly attachments: number;
  /** The place where files are kept did not answer: their content goes as soon as it does. */
  readonly filesPending: boolean;
};

/** Who notes that it was done. */
type Note = (removed: Omit<Removal, 'filesPending'>) => AuditEntry;

export type Privacy = {
  /** All that is kept of a person, as the pieces of one JSON text. Undefined where nothing is. */
  exportPerson(person: Person, linkTo: FileLink): Promise<AsyncGenerator<string> | undefined>;
  /**
   * Removes a person with everything of theirs, one conversation after the other; where it was cut off, again. `note` makes the
   * entry of the audit log, which must not name them. Undefined where nothing is kept of them.
   */
  removePerson(person: Person, note: Note): Promise<Removal | undefined>;
  /** Undefined where there is no such conversation. */
  removeConversation(conversationId: string, note: Note): Promise<Removal | undefined>;
  /** Removes what has been kept for long enough. What another process does at this moment is left to it. */
  retain(): Promise<void>;
  /** Stops looking for what is too old. Resolves when what was being removed is. */
  close(): Promise<void>;
};

/** Where an operator gets a file's content: its conversation is null for one that was not sent. */
export type FileLink = (conversationId: string, attachmentId: string) => string;

const conversationsAtOnce = 100;

export function createPrivacy(options: PrivacyOptions): Privacy {
  const { store, conversations } = options;

  const clearAway = createClearing(options);

  async function removeConversation(conversationId: string, note: Note): Promise<Removal | undefined> {
    const files = await store.privacy.countAttachments([conversationId]);
    if (!(await conversations.remove(conversationId))) return undefined;
    const removed = { conversations: 1, attachments: files };
    await store.audit.append(note(removed));
    return { ...removed, filesPending: await clearAway('now') };
  }

  async function removePerson(person: Person, note: Note): Promise<Removal | undefined> {
    if (!(await store.privacy.knows(person))) return undefined;
    const removed = { conversations: 0, attachments: 0 };
    const unsent = await store.privacy.attachmentsOf(person, { after: '', limit: 1_000 });
    removed.attachments += unsent.filter(({ conversationId }) => conversationId === null).length;
    // They may write while this goes on: until there is a moment without a conversation.
    for (;;) {
      const ids = (await store.privacy.conversationsOf(person, { after: '', limit: conversationsAtOnce })).map(
        ({ id }) => id,
      );
      if (ids.length === 0 && (await store.privacy.forget(person, [note(removed)])) === 'forgotten') break;
      for (const id of ids) {
        const files = await store.privacy.countAttachments([id]);
        if (!(await conversations.remove(id))) continue;
        removed.conversations += 1;
        removed.attachments += files;
      }
    }
    return { ...removed, filesPending: await clearAway('now') };
  }

  const retention = createRetention({ ...options, clearAway });
  return {
    exportPerson: async (person, linkTo) =>
      (await store.privacy.knows(person)) ? exportPerson({ ...options, person, linkTo }) : undefined,
    removePerson,
    removeConversation,
    retain: retention.run,
    close: retention.close,
  };
}
