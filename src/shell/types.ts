import type { IdentityState, TokenSource } from '../client/index.ts';

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
  /** The JWT, or a function that gets one. */
  readonly userToken?: TokenSource;
  /** Gets a token: at once, before that one expires, and when the server refuses it. */
  readonly tokenProvider?: () => Promise<string>;
  /** An address of the page's own origin that answers a POST with `{token}`. */
  readonly tokenUrl?: string;
  readonly userName?: string;
  readonly userEmail?: string;
  readonly metadata?: { readonly [key: string]: unknown };
  readonly mode?: string;
  readonly position?: string;
  readonly theme?: string;
  readonly open?: boolean;
};

/** What does the work behind an element, once somebody needs it. */
export type Controller = {
  readonly state: WidgetState;
  identify(source: TokenSource): Promise<IdentityState>;
  logout(): Promise<void>;
  send(text: string): Promise<void>;
  newConversation(): void;
  /** A token from the address in `token-url`. */
  fetchToken(): Promise<string>;
  /** Reads the attributes anew. */
  configure(): void;
  /** Shows or hides the panel, whose module is there, as the attributes say; brings the focus along where somebody asked. */
  show(takesFocus: boolean): void;
  end(): void;
};
