import type { ChatMessage, MessagePart } from '../../../src/protocol/index.ts';
import type { Handoff, HandoffState, Store } from '../storage/index.ts';
import { tellDesk } from './desk-events.ts';
import type { HandoffOutcome, Handoffs } from './types.ts';
import type { VisitorEvents } from './visitor-events.ts';

type HandoffOptions = {
  readonly store: Store;
  readonly clock: () => number;
  readonly newId: () => string;
  readonly events: VisitorEvents;
  /** Ends the reply that runs in a conversation, if any. */
  readonly stopReply: (conversationId: string) => Promise<void>;
};

const maxNameCharacters = 80;
const maxTextCharacters = 32_000;

export function createHandoffs({ store, clock, newId, events, stopReply }: HandoffOptions): Handoffs {
  async function change(
    conversationId: string,
    from: readonly HandoffState[],
    to: Handoff,
    who: Pick<Parameters<Store['handoffs']['change']>[0], 'operatorId' | 'heldBy'> = {},
  ): Promise<HandoffOutcome> {
    const now = clock();
    const id = newId();
    const message = ({ name }: Handoff): ChatMessage => {
      const data = to.state === 'ended' && name !== undefined ? { ...to, name } : to;
      return messageOf(id, now, [{ type: 'data-handoff', data }]);
    };
    const outcome = await store.handoffs.change({ conversationId, from, to, ...who, message, now });
    if (outcome !== 'changed') return outcome;
    events.announce(conversationId, id, 'handoff');
    return 'ok';
  }

  return {
    find: (conversationId) => store.handoffs.find(conversationId),
    request: (conversationId) => change(conversationId, ['none', 'ended'], { state: 'requested' }),
    async begin(conversationId, name, { operatorId, from: heldBy } = {}) {
      const to = { state: 'active', name: checkName(name) } as const;
      const from = heldBy === undefined ? (['none', 'requested', 'ended'] as const) : (['active'] as const);
      const outcome = await change(conversationId, from, to, { operatorId, heldBy });
      // After the change: nothing can begin any more, so that what is stopped here was the last one.
      if (outcome === 'ok') await stopReply(conversationId);
      return outcome;
    },
    end: (conversationId) => change(conversationId, ['requested', 'active'], { state: 'ended' }),
    async say(conversationId, { id, text }, operatorId) {
      checkText(text);
      const now = clock();
      const message = messageOf(id, now, [{ type: 'text', text: text.toWellFormed(), state: 'done' }]);
      const outcome = await store.handoffs.say(conversationId, message, now, operatorId);
      if (outcome === 'stored') events.announce(conversationId, id);
      return outcome === 'stored' || outcome === 'exists' ? 'ok' : outcome === 'not_active' ? 'wrong_state' : outcome;
    },
    ...createTyping({ store, events }),
  };
}

type Typing = Pick<Handoffs, 'operatorTyping' | 'visitorTyping' | 'watchTyping'>;

/** Who types, told from one side to the other while a person has taken over. Nothing of it is kept. */
function createTyping({ store, events }: Pick<HandoffOptions, 'store' | 'events'>): Typing {
  async function whenActive(conversationId: string, tell: () => Promise<void> | void): Promise<HandoffOutcome> {
    const handoff = await store.handoffs.find(conversationId);
    if (handoff === undefined) return 'conversation_not_found';
    if (handoff.state !== 'active') return 'wrong_state';
    await tell();
    return 'ok';
  }

  return {
    operatorTyping: (conversationId, typing) =>
      whenActive(conversationId, () => events.announceTyping(conversationId, typing)),
    async visitorTyping(owner, conversationId, typing) {
      if ((await store.conversations.find(owner, conversationId)) === undefined) return 'conversation_not_found';
      return whenActive(conversationId, async () => {
        await store.notifier.publish(`typing:${conversationId}`, typing ? '1' : '0');
        await tellDesk(store.notifier, { type: 'typing', agentId: owner.agentId, conversationId, typing });
      });
    },
    // An empty payload says that something may have been missed; somebody who types says so again.
    watchTyping: (conversationId, listener) =>
      store.notifier.subscribe(`typing:${conversationId}`, (payload) => {
        if (payload !== '') listener(payload === '1');
      }),
  };
}

function messageOf(id: string, now: number, parts: readonly MessagePart[]): ChatMessage {
  const createdAt = new Date(now).toISOString();
  return { id, role: 'assistant', parts, metadata: { createdAt, status: 'complete' } };
}

function checkName(name: string): string {
  const line = name
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (line !== '' && line.length <= maxNameCharacters) return line;
  throw new TypeError(`begin(conversationId, name): name must be one line of 1 to ${maxNameCharacters} characters.`);
}

function checkText(text: string): void {
  if (text.trim() !== '' && text.length <= maxTextCharacters && !text.includes('\0')) return;
  throw new TypeError(`say(conversationId, {text}): text must be 1 to ${maxTextCharacters} characters, without NUL.`);
}
