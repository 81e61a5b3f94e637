import type { Kysely } from 'kysely';

/** Which operator has taken over: two may have the same name. */
export async function addHandoffOperator({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('conversations').addColumn('handoff_operator_id', 'text').execute();
}
