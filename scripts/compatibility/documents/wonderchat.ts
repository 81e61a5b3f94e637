import { behaviours, type CompatibleDocument } from './behaviour.ts';

export const wonderchat: CompatibleDocument = {
  title: 'Wonderchat, “Identity Verification”',
  preset: 'wonderchat',
  behaviours: behaviours(
    ['Wo1', 'A private chatbot', 'policy `access: "verified-only"`'],
    [
      'Wo2',
      'Only admins of the workspace make or rotate the secret',
      'roles of the dashboard: `admin`, `operator`, `viewer`',
    ],
    ['Wo3', 'A secret of 64 hex characters to reveal, copy, regenerate and remove at any time', 'the dashboard'],
    ['Wo4', 'One secret, without a time of grace', 'policy `maxActiveKeys: 1`; up to 3 for those who want one'],
    ['Wo5', 'HS256 only', 'HS256 is the only algorithm unless the policy names others'],
    ['Wo6', '`sub` is a string that is not empty', 'reason `invalid_sub`'],
    [
      'Wo7',
      '`email`, `name`, `phoneNumber`, `iat`, `nbf`, `aud` are optional; `exp` of an hour at most is recommended',
      'checked where they are there',
    ],
    ['Wo8', '`custom` is a map of strings of at most 500 characters', 'reason `claim_too_large`'],
    ['Wo9', '`data-identity-token` on the script tag', 'the same attribute'],
    ['Wo10', '`chatbotIdentify(token)` any number of times, without a reload', 'the same function'],
    [
      'Wo11',
      'Calls made before the widget has loaded are queued',
      'kept in their order; only the last identity goes out',
    ],
    [
      'Wo12',
      'The token is verified on every message',
      'no result of a verification outlives its token, its key or a revocation',
    ],
    [
      'Wo13',
      'Tokens are never stored',
      'neither in the browser nor in the database nor in a log; a revocation keeps a hash',
    ],
    [
      'Wo14',
      'Custom claims reach the model only when that is switched on; name and e-mail always do',
      'policy `claimsToAgent`: `none`, `basic` or `all`',
    ],
    [
      'Wo15',
      'A debugger shows a token’s header and claims, or why it fails',
      '`chat-widget-server token debug`, and the dashboard',
    ],
    [
      'Wo16',
      'An invalid token gets `NO_PERMISSION` and a visible message',
      '`403 no_permission`, and a permission screen in the widget',
    ],
    ['Wo17', 'Clocks may differ by 60 seconds', 'policy `clockToleranceSeconds: 60`'],
    [
      'Wo18',
      'When a token expires in mid-conversation the next message fails until the page identifies again',
      'the same, and a refresh ahead of it, so that usually nobody notices',
    ],
    [
      'Wo19',
      'Log fields `userId`, `userEmail`, `userName`, `userPhoneNumber`, `customIdentifiers`, `identityVerified`',
      'the conversation log of the dashboard, by the same names',
    ],
    ['Wo20', 'The log is there for export and review', 'export as CSV and JSON'],
    ['Wo21', 'One token for one session', 'documented practice; a `jti` is honoured'],
  ),
};
