import type { ChatSnapshot } from '../client/index.ts';
import type { FirstStrings, Strings } from '../strings/index.ts';

/** What every view of the panel is drawn from. Views are functions of it, without state of their own. */
export type View = {
  readonly snapshot: ChatSnapshot;
  readonly strings: FirstStrings & Partial<Strings>;
  /** BCP 47, of the texts: for dates and numbers. */
  readonly locale: string;
  readonly mode: 'floating' | 'inline' | 'page';
  /** The agent's name as shown. */
  readonly name: string;
  readonly suggestions: readonly string[];
  readonly isLoadingOlder: boolean;
  readonly showsConversations: boolean;
  readonly composer: ComposerState;
  readonly act: Actions;
};

export type ComposerState = {
  readonly isEmpty: boolean;
  /** Characters until the limit, where it is near or passed (then negative). */
  readonly left: number | undefined;
  /** Whether there is something to send, and nothing against it. */
  readonly canSend: boolean;
};

export type Actions = {
  readonly close: () => void;
  readonly newConversation: () => void;
  readonly toggleConversations: () => void;
  readonly openConversation: (id: string) => void;
  readonly load: () => void;
  readonly loadOlder: () => void;
  readonly signIn: () => void;
  readonly send: (text: string) => void;
  readonly retry: (messageId: string) => void;
  readonly edit: (messageId: string) => void;
  readonly regenerate: (messageId: string) => void;
  readonly answerApproval: (approvalId: string, approved: boolean) => void;
};
