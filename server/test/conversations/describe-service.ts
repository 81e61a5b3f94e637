import { describeConversations } from './conversations-suite.ts';
import { describeHandoffs } from './handoffs-suite.ts';
import { describeLimits } from './limits-suite.ts';
import { describeProcesses } from './processes-suite.ts';
import { describeReplies } from './replies-suite.ts';
import { describeWorld, type OpenStores } from './service-world.ts';

/** What the service does, whatever database is behind it. */
export function describeService(title: string, skip: string | false, open: OpenStores): void {
  describeWorld(title, skip, open, (world) => {
    describeReplies(world);
    describeConversations(world);
    describeProcesses(world);
    describeLimits(world);
    describeHandoffs(world);
  });
}
