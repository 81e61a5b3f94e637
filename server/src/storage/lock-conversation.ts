import type { Trx } from './backend.ts';

/**
 * A write that changes nothing: both databases then keep other writers of this conversation waiting until the transaction ends.
 *
 * @param id as rows have it: escaped
 */
export function lockConversation(trx: Trx, id: string) {
  return trx
    .updateTable('conversations')
    .set((expression) => ({ next_position: expression.ref('next_position') }))
    .where('id', '=', id);
}
