import { behaviours, type CompatibleDocument } from './behaviour.ts';

export const applied: CompatibleDocument = {
  title: 'Applied, “Chatbot Authentication”',
  preset: 'applied',
  behaviours: behaviours(
    ['A1', 'A switch per agent for strict authentication', 'policy `access: "verified-only"`'],
    [
      'A2',
      'The secret can be revealed and copied on demand',
      'a key is shown once; policy `revealableKeys` lets it be shown again',
    ],
    ['A3', 'Tokens are signed with HS256', 'HS256 is the only algorithm unless the policy names others'],
    ['A4', '`sub` is required: any stable identifier, an id or an e-mail', 'policy `identityClaim: "sub"`'],
    ['A5', '`exp` is recommended, about an hour', 'policy `expiry: "recommended"`; an `exp` that is there counts'],
    ['A6', 'All claims beyond the registered ones reach the agent', 'policy `claimsToAgent: "all"`'],
    [
      'A7',
      'The element takes `agent-id` and `contact-context-token`',
      'attributes of `<chat-widget>`, and the document’s own element',
    ],
    [
      'A8',
      'On login or a change of user the element is rendered with the new token',
      'the attribute can change at any time, without a reload',
    ],
    [
      'A9',
      '`logout()` clears the session, revokes the token, and leaves an anonymous visitor',
      '`window.chat.logout()` and `POST …/logout`; other tabs follow',
    ],
    [
      'A10',
      'Verified visitors see the history of all sessions, anonymous ones the current session',
      'what `GET …/conversations` lists, and what every other call finds',
    ],
    [
      'A11',
      'For verified visitors the server drops `context` and `groups` of the metadata and takes the claims',
      'dropped before anything is stored or shown to the agent',
    ],
    ['A12', 'Other metadata passes through', 'stored, and given to the agent as unproven'],
    [
      'A13',
      'Contacts and sessions are shared by all sites that embed an agent; the claims of the last token win',
      'a contact is an agent and a subject; the newest accepted token’s claims replace the old ones, and the change is in the audit log',
    ],
    ['A14', 'A key that was exposed can be replaced', 'key rotation, which takes effect on the next request'],
    ['A15', 'Tokens travel over HTTPS', 'the widget sends no token over plain http, except to loopback'],
  ),
};
