import type { FailureCode, ViewMessage } from '../../client/index.ts';
import type { Strings } from '../../strings/index.ts';
import type { View } from '../view.ts';
import type { Answers } from './answers.ts';
import type { Files } from './files/index.ts';
import type { TextViews } from './text-views.ts';
import type { Times } from './times.ts';

/** What the views of the conversation are drawn from. */
export type ConversationView = Omit<View, 'strings'> & {
  readonly strings: Strings;
  readonly texts: TextViews;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly times: Times;
  readonly answers: Answers;
  /** Undefined until they have been fetched. */
  readonly files: Files | undefined;
  /** The first message that nobody has seen. */
  readonly unreadId: string | undefined;
  /** The message that is being changed. */
  readonly editedId: string | undefined;
  /** What was just asked for and could not be done. */
  readonly failed: FailureCode | undefined;
  /** Whether answers are read out sentence by sentence, as they are written. */
  readonly readsSentences: boolean;
  readonly toggleSentences: () => void;
  readonly beginEdit: (message: ViewMessage) => void;
  readonly cancelEdit: () => void;
  /** The visitor asked to sign in, and nothing came of it: words instead of buttons say where that is done. */
  readonly isSignInUntaken: boolean;
  /** Tells the visitor that what they asked for could not be done. */
  readonly fail: (code: FailureCode) => void;
};

export type Part = ViewMessage['parts'][number];
export type PartOf<Type extends Part['type']> = Extract<Part, { readonly type: Type }>;
