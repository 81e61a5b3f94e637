import type { IdentityState, TokenProvider, TokenSource } from '../client/index.ts';
import type { Strings } from '../strings/index.ts';
import type { ChatWidgetAttributes } from './markup.ts';

/** What `chat.state` shows: frozen, without messages and without a token. */
export type WidgetState = {
  readonly identity: IdentityState;
  readonly open: boolean;
  readonly unreadCount: number;
};

/** The attributes of `<chat-widget>` as options. What is left out stays as it is. */
export type WidgetOptions = {
  readonly agentId?: string;
  readonly server?: string;
  readonly endpoint?: string;
  readonly endpointType?: ChatWidgetAttributes['endpoint-type'];
  readonly endpointModel?: string;
  readonly agentName?: string;
  readonly greeting?: string;
  /** The JWT, or a function that gets one; null where nobody is signed in. */
  readonly userToken?: TokenSource;
  /** Gets a token: at once, before that one expires, and when the server refuses it. Null where nobody is signed in. */
  readonly tokenProvider?: TokenProvider;
  /** An address of the page's own origin that answers a POST with `{token}`. */
  readonly tokenUrl?: string;
  /** Where the visitor can sign in: https, or of the page's own origin. */
  readonly signInUrl?: string;
  readonly userName?: string;
  readonly userEmail?: string;
  readonly metadata?: { readonly [key: string]: unknown };
  readonly mode?: ChatWidgetAttributes['mode'];
  readonly position?: ChatWidgetAttributes['position'];
  readonly theme?: ChatWidgetAttributes['theme'];
  readonly density?: ChatWidgetAttributes['density'];
  readonly locale?: ChatWidgetAttributes['locale'];
  readonly unreadTitle?: ChatWidgetAttributes['unread-title'];
  readonly loading?: ChatWidgetAttributes['loading'];
  readonly strings?: StringOverrides;
  readonly open?: boolean;
};

/** Texts of a page's own by their names in `src/strings/en.ts`, any number of them. */
export type StringOverrides = Partial<Omit<Strings, 'failures'>> & { readonly failures?: Partial<Strings['failures']> };

/** What does the work behind an element, once somebody needs it. */
export type Controller = {
  readonly state: WidgetState;
  identify(source: TokenSource): Promise<IdentityState>;
  logout(): Promise<void>;
  send(text: string): Promise<void>;
  newConversation(): void;
  /** A token from the address in `token-url`; null where that says that nobody is signed in. */
  fetchToken(): Promise<string | null>;
  /** Reads the attributes anew. */
  configure(): void;
  /** Shows or hides the panel, whose module is there, as the attributes say; brings the focus along where somebody asked. */
  show(takesFocus: boolean): void;
  end(): void;
};
