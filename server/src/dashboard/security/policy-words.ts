import type { Policy, PresetName } from '../../identity/index.ts';

type Setting = keyof Policy;
type Words = { readonly [Name in Setting]: (value: Policy[Name], policy: Policy) => string };

/** What each setting does, as it is set: for somebody who has not read what it is called. */
const words: Words = {
  access: (value) =>
    value === 'open'
      ? 'Everybody may chat. Who is not signed in chats as an anonymous visitor.'
      : 'Only visitors with a valid token may chat. Everybody else is told that they have no access.',
  onInvalidToken: (value, { access }) => onInvalidToken(value, access),
  identityClaim: (value) =>
    value === 'sub'
      ? 'A person is known by the claim “sub”, such as the id of their account.'
      : 'A person is known by the claim “email”. An address on a domain that cannot be real makes them anonymous.',
  expiry: (value) =>
    value === 'required'
      ? 'A token without an end (“exp”) is refused.'
      : 'A token without an end (“exp”) is accepted. Whoever gets hold of one can use it for as long as its key counts.',
  maxLifetimeSeconds: (value) =>
    value === null
      ? 'A token may last as long as it says.'
      : `A token that lasts longer than ${lengthOf(value)} is refused.`,
  clockToleranceSeconds: (value) =>
    value === 0
      ? 'The clocks of your server and of this one have to agree to the second.'
      : `A token counts ${lengthOf(value)} longer and earlier than it says, because clocks differ.`,
  algorithms: (value) =>
    `Tokens signed by ${value.join(', ')} are looked at; all others are refused, unsigned ones always.`,
  jwksUrl: (value) =>
    value === null
      ? 'No keys are fetched from elsewhere.'
      : 'Public keys are also fetched from your JWKS address, and looked at again every ten minutes.',
  audience: (value) =>
    value === null
      ? 'What a token says about its audience (“aud”) does not matter.'
      : `A token has to name ${either(value)} as its audience (“aud”).`,
  issuer: (value) =>
    value === null
      ? 'What a token says about its issuer (“iss”) does not matter.'
      : `A token has to name ${either(value)} as its issuer (“iss”).`,
  maxActiveKeys: (value) =>
    value === 1
      ? 'One key is active. A new one takes its place at once: tokens of the old one are refused from then on.'
      : `Up to ${value} keys are active together, so that your server can change to a new one without an outage.`,
  revealableKeys: (value) =>
    value
      ? 'Administrators can look at a secret again, with their password. Each time is noted in the audit log.'
      : 'A secret is shown once, when it is made.',
  claimsToAgent: (value) => toAgent[value],
  claimAnonymousConversations: (value) =>
    value
      ? 'Who signs in keeps the conversation that they began before.'
      : 'Who signs in begins anew: what they said before stays with the anonymous visitor.',
};

const toAgent: { readonly [Value in Policy['claimsToAgent']]: string } = {
  none: 'The agent is told that a visitor is signed in, and nothing else about them.',
  basic: 'The agent is told the name and the e-mail address of a visitor who is signed in.',
  all: 'The agent is told all claims of the token, also those that you add. A model may repeat them to the visitor.',
};

function onInvalidToken(value: Policy['onInvalidToken'], access: Policy['access']): string {
  if (value === 'block') return 'A message with a bad token is not answered: the visitor is asked to sign in again.';
  if (value === 'deny')
    return 'A message with a bad token is not answered: the visitor is told that they have no access.';
  return access === 'open'
    ? 'A visitor with a bad token goes on as an anonymous one, and gets nothing personal.'
    : 'A visitor with a bad token would go on as an anonymous one, who has no access either.';
}

/** What the settings of a policy do, one sentence each. */
export function effectsOf(policy: Policy): { readonly [Name in Setting]: string } {
  const sentence = <Name extends Setting>(name: Name): string => words[name](policy[name], policy);
  return Object.fromEntries(settingNames.map((name) => [name, sentence(name)])) as { [Name in Setting]: string };
}

export const settingNames = Object.keys(words) as readonly Setting[];

export const presetWords: { readonly [Name in PresetName]: string } = {
  applied:
    'Anybody may chat, and tokens may be good for ever. All their claims reach the agent. One key, which can be looked at again.',
  bestchatbot:
    'A person is their e-mail address. A token lasts 24 hours at most, and a bad one blocks. Up to three keys, each shown once.',
  hilal: 'Tokens need an end. With a bad one the visitor goes on as nobody. One key, shown once.',
  widgent:
    'Tokens need an end, within an hour. With a bad one the visitor goes on as nobody. One key, which can be looked at again.',
  wonderchat:
    'A private chat: without a valid token nobody gets in. One key without a time of grace, which can be looked at again.',
};

function either(values: readonly string[]): string {
  return values.map((value) => `“${value}”`).join(' or ');
}

const units = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** In the greatest unit that leaves no rest. */
function lengthOf(seconds: number): string {
  const [size, name] = units.find(([unit]) => seconds >= unit && seconds % unit === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
