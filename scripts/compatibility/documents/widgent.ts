import { behaviours, type CompatibleDocument } from './behaviour.ts';

export const widgent: CompatibleDocument = {
  title: 'Widgent, “Identity & User Context”',
  preset: 'widgent',
  behaviours: behaviours(
    ['W1', 'An endpoint of the host answers `{token}`', '`token-url` fetches it; the demo shop has one'],
    [
      'W2',
      'HS256 with a secret that stays on the host’s server',
      '`chat-widget-server/sign` for Node, and snippets for six other languages',
    ],
    ['W3', '`sub` and `exp` are required, an hour at most', 'preset `widgent`'],
    ['W4', '`name` and `email` are recommended', 'claims that the agent greets and helps with'],
    ['W5', 'The claim `metadata` reaches tools as part of the user', 'in the `user` of every call of an action'],
    ['W6', '`init({productId, serviceKey})`', '`window.chat.init`, and the document’s own name for it'],
    [
      'W7',
      '`widgent("identify", token)`, again on login or a switch of accounts, effective at once',
      '`window.chat("identify", token)`: the global can be called',
    ],
    [
      'W8',
      'The token goes with every message and is verified on every request',
      'no result of a verification outlives its token, its key or a revocation',
    ],
    ['W9', 'Tools get the user’s `sub` and `email` in every call', 'in the `user` of every call of an action'],
    ['W10', 'The audit log names users', 'an audit log of refusals, logouts, revocations, keys and policies'],
    ['W11', 'Tools can be permitted by user', 'an action’s `allow`: rules over claims'],
    [
      'W12',
      'An expired token leaves an anonymous session, and the widget goes on',
      'policy `onInvalidToken: "anonymous"`',
    ],
    [
      'W13',
      'Only registered domains may call a product’s chat',
      'the agent’s `allowedOrigins`, enforced and not only advertised',
    ],
  ),
};
