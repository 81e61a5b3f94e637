import type { ChatSnapshot } from '../../../src/client/index.ts';
import { aroundStates } from './around-states.ts';
import { conversationStates } from './conversation-states.ts';
import { emptySnapshot, failed, reply, userMessage } from './fake-client.ts';

const markdownAnswer = `You can **return anything within 30 days**, also on sale items. It takes three steps:

1. Open *Your orders* and choose **Return**.
2. Print the label, or show the code at a shop.
3. Hand the parcel in. We refund within \`5\` days.

> Plants that arrived damaged need no return: [send us a photo](https://shop.example/damaged).

| Size | Refund fee |
|------|-----------:|
| Small | free |
| Large | €3.90 |

\`\`\`json
{ "order": "A-1042", "state": "returned", "note": "a line that is longer than the panel is wide" }
\`\`\``;

const conversation = [
  userMessage('u1', 'Can I return the big fern? It is 1.4 m tall and I bought it on sale last week.'),
  reply('a1', '', {
    parts: [
      { type: 'dynamic-tool', toolName: 'search_articles', toolCallId: 't', state: 'output-available', input: {} },
      { type: 'text', text: markdownAnswer, state: 'done' },
      { type: 'source-url', sourceId: 's1', url: 'https://shop.example/help/returns', title: 'Returns and refunds' },
      {
        type: 'source-url',
        sourceId: 's2',
        url: 'https://shop.example/help/damaged',
        title: 'When a plant arrives damaged',
      },
    ],
  }),
  userMessage('u2', 'Thanks! And the pot?'),
  reply('a2', 'The pot is part of the order, so **it goes back together with the plant**.'),
];
const verified = { state: 'verified', subject: '7', claims: { name: 'Ada Lovelace' }, expiresAt: null } as const;
const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(2);

/** The panel's main states by name; the gallery shows each and the accessibility tests look at each. */
export const states: { readonly [name: string]: Partial<ChatSnapshot> } = {
  empty: {},
  loading: { agent: undefined, history: 'loading' },
  'history-failed': { history: 'failed', failure: { code: 'network', retryable: true } },
  conversation: { messages: conversation, identity: verified, hasOlder: true },
  approval: {
    messages: [
      userMessage('u1', 'Please cancel my order F-20431.'),
      reply('a1', '', {
        parts: [
          { type: 'text', text: 'Please have a look at this. I do it only if you approve.', state: 'done' },
          {
            type: 'dynamic-tool',
            toolName: 'cancel_order',
            toolCallId: 't',
            state: 'approval-requested',
            input: { order: 'F-20431', reason: 'Bought by mistake, and the plant is too tall for the shelf.' },
            approval: { id: 'a' },
          },
        ],
      }),
    ],
    identity: verified,
  },
  'approval-unseen': {
    messages: [
      userMessage('u1', 'Open a ticket about this.'),
      reply('a1', '', {
        parts: [
          {
            type: 'dynamic-tool',
            toolName: 'open_ticket',
            toolCallId: 't',
            state: 'approval-requested',
            input: {
              email: 'ada\u200b@shop.example',
              order: 'F-1\u202e13402',
              about: `Two lines,\nof which one is שלום, and ${'a lot of words '.repeat(40)}${long}\u{e0061}`,
            },
            approval: { id: 'a' },
          },
        ],
      }),
    ],
    identity: verified,
  },
  waiting: { messages: [userMessage('u1', 'Where is my order?')], reply: 'waiting', identity: { state: 'verifying' } },
  streaming: {
    messages: [
      userMessage('u1', 'What grows in the dark?'),
      reply(
        'a1',
        'Few plants do well with **little light**:\n\n- *Zamioculcas*, which forgives almost everything\n- Ivy, and',
        {
          status: 'streaming',
        },
      ),
    ],
    reply: 'streaming',
    identity: { state: 'self-reported', name: 'Grace' },
  },
  errors: {
    messages: [
      userMessage('u1', 'First question'),
      reply('a1', 'The beginning of an ans', { status: 'interrupted' }),
      userMessage('u2', 'Second question', failed('network')),
      userMessage('u3', 'Third, and this one is much too long', failed('too_large', false)),
      userMessage('u4', 'Fourth', { delivery: 'pending' }),
    ],
    failure: { code: 'internal', retryable: true },
  },
  'rate-limited': {
    messages: [...conversation.slice(2), userMessage('u5', 'And then?', failed('rate_limited'))],
    failure: { code: 'rate_limited', retryable: true, retryAt: 1_000_000_012_000 },
  },
  expired: { messages: conversation.slice(2), identity: { state: 'expired' } },
  rejected: { messages: conversation.slice(2), identity: { state: 'rejected', reason: 'invalid_signature' } },
  offline: { messages: conversation.slice(2), connection: 'offline' },
  denied: {
    access: 'denied',
    agent: { ...(emptySnapshot.agent as NonNullable<ChatSnapshot['agent']>), name: 'Member desk' },
  },
  'sign-in': {
    messages: [
      userMessage('u1', 'Where is my order?'),
      reply('a1', '', {
        parts: [
          { type: 'text', text: 'I can look that up once you have signed in.', state: 'done' },
          { type: 'data-sign-in-required', data: {} },
        ],
      }),
    ],
  },
  stopped: {
    messages: [userMessage('u1', 'Tell me everything'), reply('a1', 'Everything begins with', { status: 'stopped' })],
  },
  failed: {
    messages: [
      userMessage('u1', 'Tell me everything'),
      reply('a1', 'Everything begins with', { status: 'failed', failure: { code: 'stream', retryable: true } }),
    ],
  },
  'long-words': {
    agent: { ...(emptySnapshot.agent as NonNullable<ChatSnapshot['agent']>), name: long },
    identity: { ...verified, claims: { name: long } },
    messages: [
      userMessage('u1', long),
      reply('a1', `${long} https://shop.example/${long}\n\n| a | b | c |\n|---|---|---|\n| ${long} | x | y |`),
    ],
  },
  conversations: {
    messages: conversation,
    identity: verified,
    conversations: ['c1', 'c2', 'c3'].map((id, index) => ({
      id,
      title:
        ['Can I return the big fern?', 'Which soil for a cactus in a very small pot on the balcony?', ''][index] ?? '',
      createdAt: '2026-03-01T10:00:00Z',
      updatedAt: `2026-03-0${index + 1}T10:00:00Z`,
      lastMessage: 'The pot is part of the order, so it goes back together with the plant.',
      unreadCount: 0,
    })),
  },
  ...conversationStates,
  ...aroundStates,
};
