import { after, before, describe } from 'node:test';
import type { Store } from '../../src/storage/index.ts';
import { describeAgents } from './agents-contract.ts';
import { describeApprovals } from './approvals-contract.ts';
import { describeAttachments } from './attachments-contract.ts';
import { describeAudit } from './audit-contract.ts';
import { describeConversations } from './conversations-contract.ts';
import { describeEdits } from './edits-contract.ts';
import { describeInbox } from './inbox-contract.ts';
import { describeKeys } from './keys-contract.ts';
import { describeLive } from './live-contract.ts';
import { describePrivacy } from './privacy-contract.ts';
import { describeOperators } from './operators-contract.ts';
import { describeRefusals } from './refusals-contract.ts';
import { describeReplies } from './replies-contract.ts';
import { describeSearch } from './search-contract.ts';
import { describeSessionRows, type OpenedStore } from './session-rows-contract.ts';
import { describeStatistics } from './statistics-contract.ts';
import { describeTurns } from './turns-contract.ts';
import { describeUnread } from './unread-contract.ts';
import { describeVisitors } from './visitors-contract.ts';

/** What every store does, whatever database is behind it. `open` is called once. */
export function describeStore(title: string, skip: string | false, open: () => Promise<OpenedStore>): void {
  describe(title, { skip }, () => {
    let opened: OpenedStore;
    before(async () => {
      opened = await open();
    });
    after(() => opened.close());
    const store = (): Store => opened.store;
    describeTurns(store);
    describeConversations(store);
    describeReplies(store);
    describeUnread(() => opened);
    describeVisitors(store);
    describeRefusals(store);
    describeSessionRows(() => opened);
    describeKeys(store);
    describeAgents(store);
    describeLive(store);
    describeApprovals(store);
    describeAttachments(store);
    describeEdits(() => opened);
    describeSearch(() => opened);
    describeStatistics(() => opened);
    describeOperators(store);
    describeInbox(() => opened);
    describeAudit(() => opened);
    describePrivacy(() => opened);
  });
}
