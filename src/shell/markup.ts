import type { FailureCode, IdentityState, TokenProvider } from '../client/index.ts';
import type { IdentityReason } from '../protocol/index.ts';
import type { StringOverrides } from './types.ts';

/**
 * The attributes of `<chat-widget>`, as templates and JSX write them. What is said here is what editors show, and what
 * `custom-elements.json` says.
 */
export type ChatWidgetAttributes = {
  /** The agent on the server. */
  'agent-id'?: string | undefined;
  /** Origin of the chat server. Default: where the script came from. */
  server?: string | undefined;
  /** Address of a backend of your own, instead of an agent on the chat server. */
  endpoint?: string | undefined;
  /** What that backend speaks. Default `ai-sdk`. Read when the chat begins, as the next three are. */
  'endpoint-type'?: 'ai-sdk' | 'openai' | 'ag-ui' | undefined;
  /** The model that an `openai` endpoint is asked for. */
  'endpoint-model'?: string | undefined;
  /** With `endpoint`: the agent's name. */
  'agent-name'?: string | undefined;
  /** With `endpoint`: what an empty conversation begins with. */
  greeting?: string | undefined;
  /** The JWT that your backend signed. Changing it identifies anew; removing it signs out. */
  'contact-context-token'?: string | undefined;
  /** The same under another name; `contact-context-token` counts where both are there. */
  'data-user-token'?: string | undefined;
  /** An address of the page's own origin that answers a POST with `{"token": "…"}`, or 204, 401, 403 or a null token where nobody is signed in. */
  'token-url'?: string | undefined;
  /** Where the visitor can sign in: https, or of the page's own origin. Followed unless the page prevents `chat-sign-in-requested`. */
  'sign-in-url'?: string | undefined;
  /** The visitor's name as the page knows it, without proof. */
  'data-user-name'?: string | undefined;
  /** The visitor's e-mail address as the page knows it, without proof. */
  'data-user-email'?: string | undefined;
  /** A JSON object that is sent with every message. */
  metadata?: string | undefined;
  /**
   * `floating`: above the page, with a launcher. `inline`: fills its container, which needs a height. `page`: as wide as its container
   * and as high as the window, where it stands; for a page that is nothing but the chat. Default `floating`.
   */
  mode?: 'floating' | 'inline' | 'page' | undefined;
  /** Which corner the launcher is in. Default `end`. */
  position?: 'end' | 'start' | undefined;
  /** `auto` follows the visitor's system. Default `auto`. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
  /** `compact` makes spaces and text smaller. Default `comfortable`. */
  density?: 'comfortable' | 'compact' | undefined;
  /** BCP 47. Default: the document's language, else the browser's. */
  locale?: string | undefined;
  /** `off` leaves the page's title as it is while messages are unread. Default `on`. */
  'unread-title'?: 'on' | 'off' | undefined;
  /** When the panel is fetched. `intent`: when somebody means to chat. `idle`: once the page is idle. `eager`: at once. Default `intent`. */
  loading?: 'intent' | 'idle' | 'eager' | undefined;
  /** Whether the panel is shown. Reflected. */
  open?: boolean | undefined;
};

/** The properties of the element that no attribute stands for. */
export type ChatWidgetProperties = {
  /** Starters that are shown instead of the agent's own. */
  suggestions?: readonly string[] | undefined;
  /** Texts that take the place of the language's own, by their names in docs/widget.md. */
  strings?: StringOverrides | undefined;
  /** Gets a token: asked at once, before that one expires, and when the server refuses it. Null where nobody is signed in. `undefined` signs out. */
  tokenProvider?: TokenProvider | undefined;
};

/** The events of `<chat-widget>`. They bubble and leave shadow roots; no `detail` ever holds a token. */
export interface ChatWidgetEventMap {
  /** The element is on the page. */
  'chat-ready': CustomEvent<object>;
  /** The panel is shown. */
  'chat-opened': CustomEvent<object>;
  /** The panel is hidden again. */
  'chat-closed': CustomEvent<object>;
  /** Who the visitor is taken for has changed; `reason` where a token was refused. */
  'chat-identity-changed': CustomEvent<{ state: IdentityState['state']; reason?: IdentityReason }>;
  /** The token that the page gave expires soon, by the browser's clock in milliseconds since the epoch. */
  'chat-token-expiring': CustomEvent<{ expiresAt: number }>;
  /** The visitor wants to sign in: show your login, and call `preventDefault()`; else `sign-in-url` is followed. */
  'chat-sign-in-requested': CustomEvent<object>;
  /** A message is about to be sent; `preventDefault()` keeps it. */
  'chat-message-sending': CustomEvent<{ text: string }>;
  /** The server has stored a message of the visitor's. */
  'chat-message-sent': CustomEvent<{ id: string }>;
  /** An answer is complete. */
  'chat-message-received': CustomEvent<{ id: string }>;
  /** How many messages nobody has seen yet. */
  'chat-unread-changed': CustomEvent<{ count: number }>;
  /** Something failed; `retryable` where trying again can help. */
  'chat-failed': CustomEvent<{ code: FailureCode; retryable: boolean }>;
}

/** Details of the events, by the names that `chat.on` takes: without `chat-`. */
export type ChatEventDetails = {
  readonly [
    Type in keyof ChatWidgetEventMap as Type extends `chat-${infer Name}` ? Name : never
  ]: ChatWidgetEventMap[Type]['detail'];
};
