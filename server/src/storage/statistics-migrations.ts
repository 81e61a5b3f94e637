import { type Kysely, sql } from 'kysely';

const counts = ['messages', 'conversations', 'verified', 'handed_over', 'rated_up', 'rated_down'] as const;
const histograms = ['refusals', 'reply_times', 'human_times'] as const;

/** Numbers by agent and hour, and what leads to the rows of one hour. */
export async function createStatistics({ schema }: Kysely<unknown>): Promise<void> {
  let table = schema
    .createTable('hourly_statistics')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('hour', 'bigint', (column) => column.notNull());
  for (const name of counts) table = table.addColumn(name, 'bigint', (column) => column.notNull());
  for (const name of histograms) table = table.addColumn(name, 'text', (column) => column.notNull());
  await table.addPrimaryKeyConstraint('hourly_statistics_key', ['agent_id', 'hour']).execute();
  await schema
    .createTable('statistics_progress')
    .addColumn('round', 'integer', (column) => column.primaryKey())
    .addColumn('next_hour', 'bigint', (column) => column.notNull())
    .execute();
  await createIndexes({ schema });
}

async function createIndexes({ schema }: Pick<Kysely<unknown>, 'schema'>): Promise<void> {
  await schema
    .createIndex('messages_asked_by_time')
    .on('messages')
    .columns(['created_at', 'conversation_id'])
    .where(sql<boolean>`role = 'user' and superseded = 0`)
    .execute();
  await schema
    .createIndex('messages_rated_by_time')
    .on('messages')
    .columns(['created_at', 'conversation_id'])
    .where(sql<boolean>`feedback is not null`)
    .execute();
  await schema.createIndex('conversations_by_start').on('conversations').columns(['created_at']).execute();
  await schema.createIndex('replies_by_start').on('replies').columns(['started_at']).execute();
  await schema
    .createIndex('audit_refusals_by_time')
    .on('audit')
    .columns(['at'])
    .where(sql<boolean>`kind = 'token-refused'`)
    .execute();
}
