import type { ChatSnapshot } from '../../../src/client/index.ts';
import { agent, galleryNow } from './conversation-states.ts';
import { reply, userMessage } from './fake-client.ts';

const minuteMs = 60_000;
const ago = (minutes: number): string => new Date(galleryNow - minutes * minuteMs).toISOString();

export const attachmentLimits = { maxBytes: 5 * 1024 * 1024, maxPerMessage: 3, types: ['image/*', 'application/pdf'] };

/** An agent that takes files. */
export const takesFiles = {
  ...agent,
  features: { ...agent.features, attachments: true },
  limits: { ...agent.limits, attachments: attachmentLimits },
};

const talk = [
  userMessage('u1', 'Can I return the big fern?'),
  reply('a1', 'Yes, within 30 days. Shall I send you a label?'),
];

export const rows = [
  ['c1', 'Can I return the big fern?', 'Yes, within 30 days. Shall I send you a label?', 0, 0],
  ['c2', 'Which soil for a cactus in a very small pot on the balcony, and how much of it?', 'Sandy soil.', 47, 2],
  ['c3', '', 'Do you deliver on Saturdays?', 60 * 26, 0],
  ['c4', 'Broken pot', 'שלום, the pot arrived in two pieces.', 60 * 24 * 40, 120],
].map(([id, title, lastMessage, minutes, unreadCount]) => ({
  id: id as string,
  title: title as string,
  createdAt: ago(60 * 24 * 50),
  updatedAt: ago(minutes as number),
  lastMessage: lastMessage as string,
  unreadCount: unreadCount as number,
}));

/** What stands around the conversation, by name. */
export const aroundStates: { readonly [name: string]: Partial<ChatSnapshot> } = {
  consent: {
    gate: 'consent',
    agent: {
      ...agent,
      consent: {
        version: '1',
        text: 'This chat is answered by an AI. What you write is kept for 30 days, and read by our team where you ask for a person.\n\nPlease do not send card numbers.',
        url: 'https://shop.example/privacy',
      },
    },
  },
  form: {
    gate: 'form',
    agent: {
      ...agent,
      form: {
        intro: 'So that we can write to you if the connection breaks.',
        fields: [
          { name: 'name', required: true },
          { name: 'email', required: false },
        ],
      },
    },
  },
  'form-later': {
    gate: 'form',
    messages: [...talk, userMessage('u2', 'Yes please', { delivery: 'pending' })],
    agent: { ...agent, form: { fields: [{ name: 'email', required: true }] } },
  },
  'takes-files': { agent: takesFiles, messages: talk },
  list: { agent: takesFiles, messages: talk, conversations: rows },
};
