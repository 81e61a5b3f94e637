import type { Notifier } from '../storage/index.ts';

/**
 * What operators are told of: ids, by which they ask for what they may see. `resumed`: something may have been missed. In every
 * server process, and kept nowhere.
 */
export type DeskEvent =
  | {
      readonly type: 'conversation';
      readonly agentId: string;
      readonly conversationId: string;
      /** What has changed. `message`: the visitor, the agent or an operator has said something, or begins to. */
      readonly kind: 'message' | 'title' | 'handoff' | 'status' | 'assignee' | 'note' | 'read' | 'removed';
    }
  /** Whether the visitor types. */
  | { readonly type: 'typing'; readonly agentId: string; readonly conversationId: string; readonly typing: boolean }
  /** Who looks at it, or who of them types, has changed. */
  | { readonly type: 'presence'; readonly agentId: string; readonly conversationId: string }
  | { readonly type: 'resumed' };

const channel = 'desk';

export function tellDesk(notifier: Pick<Notifier, 'publish'>, event: DeskEvent): Promise<void> {
  return notifier.publish(channel, JSON.stringify(event));
}

export function watchDesk(notifier: Pick<Notifier, 'subscribe'>, listener: (event: DeskEvent) => void): () => void {
  // Only this file publishes there; without a payload something was missed.
  return notifier.subscribe(channel, (payload) =>
    listener(payload === '' ? { type: 'resumed' } : (JSON.parse(payload) as DeskEvent)),
  );
}
