import type { ChatSnapshot, ViewMessage } from '../../../src/client/index.ts';
import { emptySnapshot, reply, userMessage } from './fake-client.ts';

type Tool = Extract<ViewMessage['parts'][number], { type: 'dynamic-tool' }>;

/** When it is in the gallery. */
export const galleryNow = 1_000_000_000_000;

/** Noon of that day, or some days before it, by the browser's own clock. */
export const noon = (daysAgo: number, minutes = 0): string => {
  const now = new Date(galleryNow);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo, 12, minutes).toISOString();
};

export const at = (createdAt: string, more: ViewMessage['metadata'] = {}): Pick<ViewMessage, 'metadata'> => ({
  metadata: { createdAt, ...more },
});

/** An agent that takes feedback and edits, as our server's do. */
export const agent = {
  ...(emptySnapshot.agent as NonNullable<ChatSnapshot['agent']>),
  features: { feedback: true, edit: true },
};

export const operator = { kind: 'operator', name: 'Grace' } as const;

const tool = (change: Partial<Tool>): Tool => ({
  type: 'dynamic-tool',
  toolName: 'cancel_order',
  toolCallId: `t-${change.state}-${change.approval?.reason}`,
  state: 'input-available',
  input: {},
  ...change,
});

const sources = ['returns', 'damaged', 'refunds', 'shops', 'labels', 'plants'].map(
  (name) =>
    ({
      type: 'source-url',
      sourceId: name,
      url: `https://help.shop.example/articles/${name}`,
      title: `What to know about ${name}${name === 'damaged' ? ' on their way, in winter as in summer, to anybody' : ''}`,
    }) as const,
);

const handoff = (state: string, name?: string) => [{ type: 'data-handoff', data: { state, name } } as const];

const rated = reply('a1', 'You can return it within **30 days**.', {
  ...at(noon(0, 1), { feedback: { rating: 'down' } }),
});

const file = (filename: string, mediaType: string) =>
  ({
    type: 'file',
    filename,
    mediaType,
    url: `http://localhost:8787/v1/agents/ada/attachments/a-${encodeURIComponent(filename)}`,
  }) as const;

/** What stands in a conversation, by name; shown and looked at as the panel's main states are. */
export const conversationStates: { readonly [name: string]: Partial<ChatSnapshot> } = {
  answered: {
    agent,
    messages: [
      userMessage('u1', 'Can I return the big fern?', at(noon(0))),
      reply('a1', 'You can return it within **30 days**.', at(noon(0), { feedback: { rating: 'up' } })),
      userMessage('u2', 'Thanks!', at(noon(0, 1))),
      userMessage('u3', 'And the pot?', at(noon(0, 1))),
      reply('a2', 'The pot goes back **together with the plant**.', at(noon(0, 2))),
    ],
  },
  days: {
    agent,
    messages: [
      userMessage('u0', 'Do you have ferns?', at('1999-12-30T12:00:00Z')),
      reply('a0', 'Yes, eleven of them.', at('1999-12-30T12:00:00Z')),
      userMessage('u1', 'Can I return the big one?', at(noon(1))),
      reply('a1', 'You can return it within **30 days**.', at(noon(1))),
      userMessage('u2', 'And the pot?', at(noon(0, 1))),
      reply('a2', 'The pot goes back together with the plant.', at(noon(0, 2))),
    ],
    conversations: [
      {
        id: 'c1',
        title: 'Ferns',
        createdAt: noon(1),
        updatedAt: noon(0),
        lastMessage: 'The pot goes back together with the plant.',
        unreadCount: 1,
      },
    ],
  },
  tools: {
    agent,
    messages: [
      userMessage('u1', 'Cancel my order', at(noon(0))),
      reply('a1', '', {
        parts: [
          tool({
            state: 'output-available',
            output: { text: 'Order F-20431 is cancelled.\nThe refund takes 5 days.' },
          }),
          tool({ state: 'output-available', output: { secret: 1 }, toolCallId: 'plain' }),
          tool({ state: 'output-error' }),
          tool({ state: 'approval-responded', approval: { id: 'a', approved: true } }),
          tool({ state: 'output-denied', approval: { id: 'b', approved: false } }),
          tool({ state: 'output-denied', approval: { id: 'c', reason: 'expired' } }),
          tool({ state: 'input-available' }),
        ],
        status: 'streaming',
      }),
    ],
    reply: 'streaming',
  },
  sources: {
    agent,
    messages: [
      userMessage('u1', 'How do returns work?', at(noon(0))),
      reply('a1', '', {
        parts: [
          { type: 'text', text: 'You can return anything within 30 days.' },
          ...sources,
          { type: 'source-document', sourceId: 'd', mediaType: 'application/pdf', title: 'Terms of return, 2026' },
        ],
        ...at(noon(0)),
      }),
    ],
  },
  files: {
    agent,
    messages: [
      userMessage('u1', 'The fern arrived like this.', {
        parts: [
          { type: 'text', text: 'The fern arrived like this.' },
          file('fern.png', 'image/png'),
          file('A very long name of an invoice that nobody would want to read.pdf', 'application/pdf'),
        ],
        ...at(noon(0)),
      }),
      reply('a1', 'I am sorry to see that.', at(noon(0))),
      userMessage('u2', '', { parts: [file('second.jpg', 'image/jpeg')], ...at(noon(0, 1)) }),
    ],
  },
  person: {
    agent,
    handoff: { state: 'active', name: 'Grace' },
    typing: { name: 'Grace' },
    messages: [
      userMessage('u1', 'I want to talk to a person', at(noon(0))),
      reply('a1', '', { parts: handoff('requested'), ...at(noon(0)) }),
      reply('a2', '', { parts: handoff('active', 'Grace'), ...at(noon(0, 1)) }),
      reply('a3', 'Hello, Grace here.', at(noon(0, 1), { author: operator })),
      reply('a4', 'I see that the fern arrived broken. Do you want a new one, or your money back?', {
        ...at(noon(0, 2), { author: operator }),
      }),
      userMessage('u2', 'A new one, please', at(noon(0, 2))),
    ],
  },
  'person-gone': {
    agent,
    handoff: { state: 'ended' },
    messages: [
      userMessage('u1', 'Thank you', at(noon(0))),
      reply('a1', 'You are welcome!', at(noon(0), { author: operator })),
      reply('a2', '', { parts: handoff('ended'), ...at(noon(0, 1)) }),
      reply('a3', 'I am back. What else can I do?', at(noon(0, 1))),
    ],
  },
  rated: { agent, messages: [userMessage('u1', 'Can I return the fern?', at(noon(0))), rated] },
};
