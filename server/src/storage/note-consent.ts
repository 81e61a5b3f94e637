import type { Trx } from './backend.ts';
import { ownerColumns } from './rows.ts';
import type { ConversationTable } from './schema.ts';
import type { NewTurn } from './store.ts';
import { escapeKey } from './text.ts';

/** Keeps what the visitor has agreed to, and the proof of it, with the message that it came with. */
export async function noteConsent(trx: Trx, conversation: ConversationTable, turn: NewTurn): Promise<void> {
  const { consentVersion: version, owner, now } = turn;
  if (version === undefined || conversation.consent_version === escapeKey(version)) return;
  await trx
    .updateTable('conversations')
    .set({ consent_version: escapeKey(version) })
    .where('id', '=', conversation.id)
    .execute();
  const session = owner.kind === 'session' ? { session: owner.sessionHash.slice(0, 12) } : {};
  await trx
    .insertInto('audit')
    .values({
      agent_id: ownerColumns(owner).agent_id,
      at: now,
      kind: 'consent-accepted',
      subject: owner.kind === 'subject' ? escapeKey(owner.subject) : null,
      reason: escapeKey(version),
      detail: JSON.stringify({ conversationId: turn.conversationId, ...session }),
    })
    .execute();
}
