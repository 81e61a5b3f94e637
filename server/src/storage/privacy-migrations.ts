import { type Kysely, sql } from 'kysely';
import type { Backend } from './backend.ts';

/** Lists of the audit log, a log that nobody can change, and tasks that one process has at a time. */
export async function keepAudit(database: Kysely<unknown>, dialect: Backend['dialect']): Promise<void> {
  const { schema } = database;
  await schema.createIndex('audit_by_time').on('audit').columns(['at', 'id']).execute();
  await schema.createIndex('audit_by_agent_and_time').on('audit').columns(['agent_id', 'at', 'id']).execute();
  await schema.createIndex('audit_by_kind_and_time').on('audit').columns(['kind', 'at', 'id']).execute();
  for (const [index, column] of [
    ['audit_by_person', 'subject'],
    ['audit_by_operator', 'operator_id'],
  ] as const) {
    await schema
      .createIndex(index)
      .on('audit')
      .columns([column, 'at', 'id'])
      .where(sql.ref(column), 'is not', null)
      .execute();
  }
  const statements = dialect === 'sqlite' ? sqliteGuards : postgresGuards;
  for (const statement of statements) await sql.raw(statement).execute(database);
  await schema
    .createTable('leases')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
}

const refusal = 'the audit log is append-only';

/** The one change that there is: an entry forgets the person that it was about, and what it said of them. */
const kept = ['id', 'agent_id', 'at', 'kind', 'reason', 'operator_id', 'operator_name'];
const erases = (same: string): string =>
  [
    'old.subject is not null and new.subject is null and new.detail is null',
    ...kept.map((column) => `new.${column} ${same} old.${column}`),
  ].join(' and ');

const sqliteGuards = [
  `create trigger audit_never_deleted before delete on audit begin select raise(abort, '${refusal}'); end`,
  `create trigger audit_only_erased before update on audit when not (${erases('is')})
     begin select raise(abort, '${refusal}'); end`,
  // "insert or replace" deletes without asking the trigger above. https://www.sqlite.org/lang_conflict.html
  `create trigger audit_never_replaced before insert on audit when exists (select 1 from audit where id = new.id)
     begin select raise(abort, '${refusal}'); end`,
];

const postgresGuards = [
  `create function audit_refuse() returns trigger language plpgsql as $$ begin
     raise exception '${refusal}' using errcode = 'insufficient_privilege'; end $$`,
  `create trigger audit_never_deleted before delete on audit for each row execute function audit_refuse()`,
  `create trigger audit_only_erased before update on audit for each row
     when (not (${erases('is not distinct from')})) execute function audit_refuse()`,
  `create trigger audit_never_emptied before truncate on audit for each statement execute function audit_refuse()`,
];
