import type { Kysely } from 'kysely';

/** What of one kind happened lately: the audit log grows for ever, and nobody waits for all of it to be read. */
export async function indexAuditKinds({ schema }: Kysely<unknown>): Promise<void> {
  await schema.createIndex('audit_by_kind').on('audit').columns(['agent_id', 'kind', 'at']).execute();
}
