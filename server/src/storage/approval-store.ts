import type { ToolPart } from '../../../src/protocol/index.ts';
import type { Backend, Trx } from './backend.ts';
import { toBody, toMessage } from './rows.ts';
import type { ApprovalTable } from './schema.ts';
import type { Approval, ApprovalStore } from './store.ts';
import { escapeKey, unescapeKey } from './text.ts';

/** How an approval was answered; `expired` where nobody did in time. */
export type ApprovalAnswer = boolean | 'expired';

/** In the column `approved`. */
const codes = { declined: 0, approved: 1, expired: 2 } as const;

export function createApprovalStore({ database }: Backend): ApprovalStore {
  return {
    hold: async (approval) => {
      await database.insertInto('approvals').values(toRow(approval)).execute();
    },
    sweep: async (expiredBefore) => {
      const { numDeletedRows } = await database
        .deleteFrom('approvals')
        .where('expires_at', '<', expiredBefore)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

/** An approval of this conversation whose message still stands. Wants the conversation's lock to be held. */
export async function findApproval(
  trx: Trx,
  conversationId: string,
  id: string,
): Promise<{ readonly approval: Approval; readonly answer: ApprovalAnswer | undefined } | undefined> {
  const row = await trx
    .selectFrom('approvals')
    .innerJoin('messages', (join) =>
      join
        .onRef('messages.conversation_id', '=', 'approvals.conversation_id')
        .onRef('messages.id', '=', 'approvals.message_id'),
    )
    .selectAll('approvals')
    .where('approvals.id', '=', id)
    .where('approvals.conversation_id', '=', conversationId)
    .where('messages.superseded', '=', 0)
    .executeTakeFirst();
  return row === undefined ? undefined : { approval: toApproval(row), answer: answerOf(row) };
}

/** Answers an approval for good, in its row and in the message that asked. Wants the conversation's lock to be held. */
export async function settleApproval(trx: Trx, approval: Approval, answer: ApprovalAnswer): Promise<void> {
  const code = answer === 'expired' ? codes.expired : answer ? codes.approved : codes.declined;
  await trx.updateTable('approvals').set({ approved: code }).where('id', '=', escapeKey(approval.id)).execute();
  const conversationId = escapeKey(approval.conversationId);
  const messageId = escapeKey(approval.messageId);
  const row = await trx
    .selectFrom('messages')
    .select(['id', 'role', 'body'])
    .where('conversation_id', '=', conversationId)
    .where('id', '=', messageId)
    .executeTakeFirstOrThrow();
  const message = toMessage(row);
  const parts = message.parts.map((part) =>
    part.type === 'dynamic-tool' && part.toolCallId === approval.toolCallId
      ? answeredPart(part, approval.id, answer)
      : part,
  );
  await trx
    .updateTable('messages')
    .set({ body: toBody({ ...message, parts }) })
    .where('conversation_id', '=', conversationId)
    .where('id', '=', messageId)
    .execute();
}

function answeredPart(part: ToolPart, id: string, answer: ApprovalAnswer): ToolPart {
  if (answer === true) return { ...part, state: 'approval-responded', approval: { id, approved: true } };
  const reason = answer === 'expired' ? { reason: 'expired' } : {};
  return { ...part, state: 'output-denied', approval: { id, approved: false, ...reason } };
}

function answerOf({ approved }: ApprovalTable): ApprovalAnswer | undefined {
  if (approved === null) return undefined;
  return approved === codes.expired ? 'expired' : approved === codes.approved;
}

function toRow(approval: Approval): ApprovalTable {
  return {
    id: escapeKey(approval.id),
    conversation_id: escapeKey(approval.conversationId),
    message_id: escapeKey(approval.messageId),
    tool_call_id: escapeKey(approval.toolCallId),
    action: escapeKey(approval.actionName),
    input: JSON.stringify(approval.input),
    created_at: approval.createdAt,
    expires_at: approval.expiresAt,
    approved: null,
  };
}

function toApproval(row: ApprovalTable): Approval {
  return {
    id: unescapeKey(row.id),
    conversationId: unescapeKey(row.conversation_id),
    messageId: unescapeKey(row.message_id),
    toolCallId: unescapeKey(row.tool_call_id),
    actionName: unescapeKey(row.action),
    input: JSON.parse(row.input) as unknown,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
