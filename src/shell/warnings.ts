import type { ChatWidgetElement } from './element.ts';
import type { IdentityReason } from '../protocol/index.ts';
import { isAddress } from './is-address.ts';
import type { ChatWidgetAttributes } from './markup.ts';
import { signInAddress } from './sign-in-address.ts';

type Name = keyof ChatWidgetAttributes;
type Read = (name: Name) => string;

/** What is wrong with the value of an attribute and what counts instead; undefined where nothing is. The value is never ''. */
type Check = (value: string, read: Read) => string | undefined;

/** The first one counts where the value is none of them. */
const oneOf =
  (...values: readonly [string, ...string[]]): Check =>
  (value) =>
    values.includes(value) ? undefined : `is to be one of ${values.join(', ')}; ${values[0]} counts`;

const anything: Check = () => undefined;
const withEndpoint: Check = (_value, read) => (read('endpoint') ? undefined : 'counts beside endpoint alone');

/**
 * What becomes of nonsense, by attribute; docs/widget.md says the same. Those that anything may be said in, and those whose
 * value the one who uses it judges (a language, a token), have nothing to be checked here.
 */
const checks: { readonly [name in Name]-?: Check } = {
  'agent-id': (value) => (/^[A-Za-z\d][\w-]{0,63}$/.test(value) ? undefined : 'is the name of no agent'),
  server: (value) => (isAddress(value) ? undefined : "is no http(s) address; the script's origin counts"),
  endpoint: (value) => (isAddress(value) ? undefined : 'is no http(s) address; it counts as if it were not there'),
  'endpoint-type': withEndpoint,
  'endpoint-model': withEndpoint,
  'agent-name': withEndpoint,
  greeting: withEndpoint,
  'contact-context-token': anything,
  'data-user-token': (value, read) =>
    ['', value].includes(read('contact-context-token'))
      ? undefined
      : 'and contact-context-token differ; contact-context-token is used',
  'token-url': (value) =>
    isAddress(value) && new URL(value, document.baseURI).origin === location.origin
      ? undefined
      : `has to be of this page's origin, ${location.origin}; it is not asked`,
  'sign-in-url': (value) =>
    signInAddress(value) ? undefined : "has to be https, or of this page's origin; it is not followed",
  'data-user-name': anything,
  'data-user-email': anything,
  metadata: (value) => (isObject(value) ? undefined : 'is not a JSON object; nothing is sent along'),
  mode: oneOf('floating', 'inline', 'page'),
  position: oneOf('end', 'start'),
  theme: oneOf('auto', 'light', 'dark'),
  density: oneOf('comfortable', 'compact'),
  locale: anything,
  'unread-title': oneOf('on', 'off'),
  loading: oneOf('intent', 'idle', 'eager'),
  open: (value) => (value === 'open' ? undefined : 'counts as soon as it is there, whatever its value; take it away'),
};

/** What a page's author should look at, by failure code. */
const causes: { readonly [code: string]: string } = {
  network:
    "the chat server cannot be reached, or does not list this page's origin in the agent's allowedOrigins, or the page's " +
    'Content Security Policy (connect-src) does not let it be asked.',
  insecure_page: 'no token is sent from or to plain http; serve the page and the chat server over https.',
  agent_not_found: 'the chat server has no agent with this agent-id.',
  token_provider: 'the token provider of this page gave no token.',
};

/** What is wrong with a token, for who signs it; docs/identity.md says more. */
const refusals: { readonly [reason in IdentityReason]: string } = {
  too_large: 'it is over 8 KiB',
  malformed: 'it is no JWT',
  not_configured: 'the agent has no active key',
  unsupported_algorithm: 'its alg is none that the agent accepts',
  invalid_signature: "no key of the agent's made its signature",
  expired: 'its exp is over',
  not_yet_valid: 'its nbf or iat is in the future',
  missing_claim: 'it has no exp, or does not say whose it is',
  lifetime_too_long: 'its exp is further ahead than the agent allows',
  wrong_audience: "its aud is not the agent's",
  wrong_issuer: "its iss is not the agent's",
  invalid_sub: 'who it is for has to be a string of 1 to 255 characters, or an address where the agent goes by e-mail',
  reserved_domain: 'its e-mail address is of a domain that nobody can have',
  claim_too_large: 'its custom may hold short strings alone',
  revoked: 'its visitor has signed out since it was signed',
};

/** What the console is told of, each once. Fetched beside the chat, which does not wait for it. */
export type Warnings = {
  say(text: string): void;
  /** Looks through the attributes. */
  check(): void;
  /** What goes wrong because of the page is said in its console, too: events are easily not listened to. */
  explain(event: string, detail: object): void;
};

export function createWarnings(element: ChatWidgetElement): Warnings {
  const said = new Set<string>();
  const say = (text: string): void => {
    if (said.has(text)) return;
    said.add(text);
    console.warn(`<chat-widget>: ${text}`);
  };
  const read: Read = (name) => element.getAttribute(name) ?? '';
  const problemOf = (name: Name): string | undefined => {
    const value = read(name);
    const problem = value === '' ? undefined : checks[name](value, read);
    // What a token is, nobody is told.
    const shown = /token|metadata/.test(name) ? '' : `="${value.slice(0, 40)}"`;
    return problem && `${name}${shown} ${problem}.`;
  };
  return {
    say,
    check() {
      if (!read('agent-id') && !read('endpoint')) say('agent-id is missing: say which agent of the server answers.');
      for (const name of Object.keys(checks) as Name[]) {
        const problem = problemOf(name);
        if (problem !== undefined) say(problem);
      }
    },
    explain(event, detail) {
      const { code = '', reason } = detail as { code?: string; reason?: IdentityReason };
      const cause = event === 'failed' ? causes[code] : undefined;
      // Why that address gave none is what the page's author can do something about.
      const source = code === 'token_provider' ? problemOf('token-url') : undefined;
      if (cause !== undefined) say(source ?? cause);
      if (reason !== undefined) say(`the token was refused: ${reason}, ${refusals[reason] ?? 'as the server says'}.`);
    },
  };
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
