import { behaviours, type CompatibleDocument } from './behaviour.ts';

export const hilal: CompatibleDocument = {
  title: 'Hilal, “JWT user identification”',
  preset: 'hilal',
  behaviours: behaviours(
    [
      'H1',
      'Three states: anonymous, self-reported (name and e-mail from the page), verified',
      'the same three; what a page says opens nothing',
    ],
    [
      'H2',
      'A secret of 64 hex characters per bot, made anew on demand',
      '`chat-widget-server keys`; the secret is used as its text',
    ],
    [
      'H3',
      'The secret is encrypted at rest, its preview is masked, and it is shown in full once',
      'AES-256-GCM under a master key',
    ],
    ['H4', '`WIDGET_JWT_HMAC_SECRET` in the environment stands in; the bot’s own secret wins', 'the same variable'],
    [
      'H5',
      '`sub` and `exp` are required; an hour at most is recommended',
      'preset `hilal`; both are required by default',
    ],
    ['H6', '`name` and `email` are recommended', 'claims that the agent greets and helps with'],
    ['H7', 'A script tag with `data-org-id`, `data-bot-id`, `data-user-token`', 'the same attributes'],
    [
      'H8',
      '`init({organizationId, botId, userToken})`',
      '`window.chat.init(options)`, and the document’s own name for it',
    ],
    [
      'H9',
      'The token is posted for verification when the widget starts',
      '`POST …/identity`, also as `/api/widget/verify-jwt`',
    ],
    [
      'H10',
      'Each chat request says that its identity is verified',
      '`X-Chat-Identity-Source` on requests, and as the server judged it on answers',
    ],
    [
      'H11',
      'Conversations of verified users carry a badge on the dashboard',
      'the dashboard, and a quiet mark in the widget’s header',
    ],
    [
      'H12',
      'Reasons: `invalid_signature`, `expired`, `not_configured`, `malformed`',
      'the same words, and further ones',
    ],
    ['H13', 'An invalid token is treated as anonymous, and the chat goes on', 'policy `onInvalidToken: "anonymous"`'],
    ['H14', 'A new secret makes existing tokens fail at once', 'from the next request on, in every server process'],
    [
      'H15',
      'HS256 only; `alg: none` is always refused',
      'the policy lists the algorithms; `none` is accepted under no setting',
    ],
    ['H16', 'Tokens are never logged', 'neither tokens nor parts of them, in no log, error or answer'],
    ['H17', 'Tokens travel over HTTPS', 'the widget sends no token over plain http, except to loopback'],
  ),
};
