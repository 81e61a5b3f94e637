/** Of both databases: what one has not, the other has. */
const undoSearch = [
  ...[
    'contacts_newest',
    'contacts_by_activity',
    'conversations_by_assignee',
    'conversations_by_handoff',
    'messages_rated',
    'audit_by_subject',
  ].map((index) => `drop index ${index}`),
  'drop table if exists search_words',
  'drop table search_entries',
];

/** Where the two databases differ, in the words of each. */
type Statement = string | { readonly sqlite: string; readonly postgres: string };

const audit = {
  indexes: ['time', 'agent_and_time', 'kind_and_time', 'person', 'operator'].map((by) => `drop index audit_by_${by}`),
  triggers: [
    { sqlite: 'drop trigger audit_never_deleted', postgres: 'drop function audit_refuse cascade' },
    ...['only_erased', 'never_replaced'].map((name) => ({
      sqlite: `drop trigger audit_${name}`,
      postgres: 'select 1',
    })),
  ],
};

/** What undoes each migration, newest first. The newest versions of both databases can drop columns. */
const undo: readonly { readonly name: string; readonly statements: readonly Statement[] }[] = [
  {
    name: '0016-statistics',
    statements: [
      'drop table hourly_statistics',
      'drop table statistics_progress',
      ...['messages_asked_by_time', 'messages_rated_by_time', 'conversations_by_start', 'replies_by_start'].map(
        (index) => `drop index ${index}`,
      ),
      'drop index audit_refusals_by_time',
    ],
  },
  { name: '0015-privacy', statements: [...audit.indexes, ...audit.triggers, 'drop table leases'] },
  { name: '0014-refusals', statements: ['drop index audit_by_kind'] },
  { name: '0013-search', statements: undoSearch },
  { name: '0012-unread', statements: ['drop index messages_answers'] },
  { name: '0011-handoff-operator', statements: ['alter table conversations drop column handoff_operator_id'] },
  { name: '0010-agents', statements: ['drop table agents', 'drop table agent_visits'] },
  {
    name: '0009-inbox',
    statements: [
      ...['conversations_by_activity', 'conversations_newest'].map((index) => `drop index ${index}`),
      ...['conversation_notes', 'canned_replies', 'operator_presence'].map((table) => `drop table ${table}`),
      ...['status', 'assignee_id', 'operator_read_position', 'site', 'contact_name', 'contact_email'].map(
        (column) => `alter table conversations drop column ${column}`,
      ),
    ],
  },
  {
    name: '0008-operators',
    statements: [
      ...['operator_links', 'operator_sessions', 'operators'].map((table) => `drop table ${table}`),
      ...['operator_id', 'operator_name'].map((column) => `alter table audit drop column ${column}`),
    ],
  },
  { name: '0007-attachments', statements: ['drop table attachments'] },
  {
    name: '0006-conversation-extras',
    statements: [
      ...['handoff_state', 'handoff_name', 'consent_version', 'search_title'].map(
        (column) => `alter table conversations drop column ${column}`,
      ),
      ...['feedback', 'search_text'].map((column) => `alter table messages drop column ${column}`),
    ],
  },
  { name: '0005-retired-sessions', statements: [] },
];

/** Takes the schema back to before a migration, as a database that an earlier version has left. */
export async function goBackBefore(name: string, query: (sql: string) => Promise<unknown>): Promise<void> {
  const dialect = await query('select sqlite_version()').then(
    () => 'sqlite' as const,
    () => 'postgres' as const,
  );
  for (const step of undo) {
    for (const statement of step.statements) {
      await query(typeof statement === 'string' ? statement : statement[dialect]);
    }
    await query(`delete from kysely_migration where name = '${step.name}'`);
    if (step.name === name) return;
  }
  throw new Error(`Nobody has said how to undo ${name}.`);
}
