import type { Trx } from './backend.ts';
import { toHandoff } from './handoff-store.ts';
import { toReply } from './rows.ts';
import type { ConversationTable } from './schema.ts';
import { storeReply } from './store-reply.ts';
import type { BeginTurn, NewTurn } from './store.ts';
import { escapeKey } from './text.ts';

/**
 * Ends a turn where it begins, because a person answers. Its reply makes sending the message again find the same stream, as
 * with any other.
 */
export async function handOver(
  trx: Trx,
  conversation: ConversationTable,
  turn: Extract<NewTurn, { trigger: 'submit-message' }>,
  position: number,
): Promise<BeginTurn> {
  const reply = await storeReply(trx, conversation, turn, {
    userMessageId: escapeKey(turn.message.id),
    position,
    state: 'complete',
    parts: [{ type: 'data-handoff', data: toHandoff(conversation) }],
  });
  return { outcome: 'handed_over', reply: toReply(reply) };
}
