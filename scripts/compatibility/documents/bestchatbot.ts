import { behaviours, type CompatibleDocument } from './behaviour.ts';

export const bestchatbot: CompatibleDocument = {
  title: 'BestChatBot, “Visitor Identity”',
  preset: 'bestchatbot',
  behaviours: behaviours(
    [
      'B1',
      'Only personal actions need an identity; public ones work for anybody',
      'an action’s `access`: `public` or `verified`',
    ],
    ['B2', 'Tokens are signed with HS256', 'HS256 is the only algorithm unless the policy names others'],
    ['B3', '`email` is required: a real public address, compared in lower case', 'policy `identityClaim: "email"`'],
    [
      'B4',
      '`exp` is recommended; a lifetime of more than 24 hours is refused',
      'policy `maxLifetimeSeconds: 86400`, reason `lifetime_too_long`',
    ],
    [
      'B5',
      '`name` makes replies personal and goes along with actions',
      'the name is in the agent’s context and in every call of an action',
    ],
    ['B6', '`user_id` is optional', 'kept as a claim'],
    [
      'B7',
      '`picture`, `phone` and others pass through; unknown claims do no harm',
      'claims are kept as they are; a token has at most 8 KiB',
    ],
    [
      'B8',
      'Up to three active signing keys, for rotation without an outage',
      'a key ring: keys are active or retired, policy `maxActiveKeys`',
    ],
    ['B9', 'A key can be copied once, when it is made', 'a key is shown once, unless policy `revealableKeys` is on'],
    ['B10', 'The token is handed over at runtime or in the markup', '`identify()`, and attributes'],
    ['B11', 'The token is sent as `Authorization: Bearer`', 'on every request about a visitor who has a token'],
    [
      'B12',
      'Without a token: anonymous, no personal actions, safe answers',
      'the agent says that it takes a sign-in, and the widget offers the page’s',
    ],
    [
      'B13',
      'With a valid token personal actions run with the verified e-mail',
      'the user comes from the token, never from what the model says',
    ],
    [
      'B14',
      'With an expired or changed token the action is blocked; nothing falls back to anonymous',
      'policy `onInvalidToken: "block"`, the default',
    ],
    [
      'B15',
      'An e-mail on a reserved domain (`.local`, `.test`, …) is anonymous',
      'the names of RFC 2606, 6761, 6762, 8375 and 9476, and `.internal`',
    ],
  ),
};
