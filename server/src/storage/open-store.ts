import { sql } from 'kysely';
import { createAgentSettingsStore, createAgentVisitStore } from './agent-store.ts';
import { createApprovalStore } from './approval-store.ts';
import { createAttachmentStore } from './attachment-store.ts';
import { createAuditStore } from './audit-store.ts';
import type { Backend } from './backend.ts';
import { createCannedReplyStore } from './canned-reply-store.ts';
import { createConversationStore } from './conversation-store.ts';
import { createDeskStore } from './desk-store.ts';
import { createHandoffStore } from './handoff-store.ts';
import { createInboxStore } from './inbox-store.ts';
import { createKeyStore } from './key-store.ts';
import { createEventStore } from './log-stores.ts';
import { migrate } from './migrations.ts';
import { createNoteStore } from './note-store.ts';
import { createOperatorStore } from './operator-store.ts';
import { openPostgresBackend } from './postgres-backend.ts';
import { createPresenceStore } from './presence-store.ts';
import { createPrivacyStore } from './privacy-store.ts';
import { createRefusalStore } from './refusal-store.ts';
import { createReplyStore } from './reply-store.ts';
import { openSqliteBackend } from './sqlite-backend.ts';
import { createStatisticsStore } from './statistics-store.ts';
import type { Store, StoreLocation } from './store.ts';
import { createContactStore, createRevocationStore, createSessionStore } from './visitor-stores.ts';

export type StoreOptions = {
  /**
   * Told of what went wrong outside any call: a connection that was lost (and is being replaced), a listener that threw.
   * Default: nothing. Take care when logging: a database's message may quote what it was given.
   */
  readonly onError?: (error: unknown) => void;
  /**
   * Postgres: a statement that takes longer fails, such as one that waits for a locked table; migrations may take as long as
   * they like. `statement_timeout` in the database's URL wins. Default 15,000.
   */
  readonly statementTimeoutMs?: number;
  /**
   * SQLite: true takes the data directory for this process alone, as a server has to; false opens it beside the server that
   * may have it, for the command line. Default true.
   */
  readonly exclusive?: boolean;
};

/**
 * Opens the database and brings its schema up to date.
 *
 * @throws DataDirectoryInUseError when another server process has the data directory; otherwise what the file system or
 *   the database says when it cannot be opened.
 */
export async function openStore(location: StoreLocation, options: StoreOptions = {}): Promise<Store> {
  const onError = options.onError ?? (() => {});
  const backend =
    'databaseUrl' in location
      ? await openPostgresBackend(location.databaseUrl, onError, options.statementTimeoutMs ?? 15_000)
      : openSqliteBackend(location.dataDirectory, onError, options.exclusive ?? true);
  try {
    await migrate(backend);
  } catch (error) {
    await backend.close();
    throw error;
  }
  return createStore(backend);
}

function createStore(backend: Backend): Store {
  let closed: Promise<void> | undefined;
  return {
    dialect: backend.dialect,
    conversations: createConversationStore(backend),
    replies: createReplyStore(backend),
    sessions: createSessionStore(backend),
    revocations: createRevocationStore(backend),
    contacts: createContactStore(backend),
    approvals: createApprovalStore(backend),
    attachments: createAttachmentStore(backend),
    handoffs: createHandoffStore(backend),
    audit: createAuditStore(backend),
    events: createEventStore(backend),
    keys: createKeyStore(backend),
    operators: createOperatorStore(backend),
    agentSettings: createAgentSettingsStore(backend),
    agentVisits: createAgentVisitStore(backend),
    desk: createDeskStore(backend),
    inbox: createInboxStore(backend),
    notes: createNoteStore(backend),
    cannedReplies: createCannedReplyStore(backend),
    presence: createPresenceStore(backend),
    privacy: createPrivacyStore(backend),
    refusals: createRefusalStore(backend),
    statistics: createStatisticsStore(backend),
    notifier: { publish: backend.notifier.publish, subscribe: backend.notifier.subscribe },
    ping: async () => {
      await sql`select 1`.execute(backend.database);
    },
    close: () => (closed ??= backend.close()),
  };
}
