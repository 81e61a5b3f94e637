import { z } from 'zod';
import { defineAction, type Action } from './action.ts';

const words = {
  asked:
    'I have asked a person to join this conversation. They can read what was said here. Until they come I am happy to go on.',
  already: 'Somebody has been asked already, and will come as soon as they can. Until then I am happy to go on.',
  impossible: 'I cannot reach anybody from here.',
} as const;

const people = ['human', 'person', 'human being', 'real person', 'real human', 'someone real', 'somebody real'];
const staff = [
  'human agent',
  'live agent',
  'agent',
  'operator',
  'representative',
  'employee',
  'member of staff',
  'advisor',
];
const ways = [
  'talk to',
  'talk with',
  'speak to',
  'speak with',
  'chat with',
  'connect me to',
  'transfer me to',
  'get me',
];

const phrases = [
  ...ways.flatMap((way) => [...people, ...staff].flatMap((who) => [`${way} a ${who}`, `${way} an ${who}`])),
  ...ways.flatMap((way) => ['someone', 'somebody', 'your team', 'your staff', 'support'].map((who) => `${way} ${who}`)),
  ...['a human please', 'human please', 'need a human', 'want a human', 'need a person', 'want a person'],
  ...['real person please', 'human agent', 'live agent', 'hand me over'],
];

/**
 * Asks for a person, as everybody may. By phrases, also in questions ("can I talk to a human?"), or as a model decides.
 */
export const handoffAction: Action = defineAction({
  name: 'handoff',
  description:
    'Asks a person of the team to join this conversation. Use it when the visitor asks for a human, or when you cannot help and a person could. Takes nothing.',
  access: 'public',
  inputSchema: z.strictObject({}),
  phrases,
  isAskedInQuestions: true,
  run: async ({ askForPerson }) => {
    const outcome = await askForPerson();
    return { outcome, message: words[outcome] };
  },
});
