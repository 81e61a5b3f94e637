import { after, before, describe } from 'node:test';
import type { Store } from '../../src/storage/index.ts';
import { describeApprovals } from './approvals-contract.ts';
import { describeConversations } from './conversations-contract.ts';
import { describeKeys } from './keys-contract.ts';
import { describeReplies } from './replies-contract.ts';
import { describeTurns } from './turns-contract.ts';
import { describeVisitors } from './visitors-contract.ts';

/** What every store does, whatever database is behind it. `open` is called once. */
export function describeStore(
  title: string,
  skip: string | false,
  open: () => Promise<{ readonly store: Store; close(): Promise<void> }>,
): void {
  describe(title, { skip }, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    before(async () => {
      opened = await open();
    });
    after(() => opened.close());
    const store = (): Store => opened.store;
    describeTurns(store);
    describeConversations(store);
    describeReplies(store);
    describeVisitors(store);
    describeKeys(store);
    describeApprovals(store);
  });
}
