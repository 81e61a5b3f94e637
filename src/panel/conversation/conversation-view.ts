import type { ViewMessage } from '../../client/index.ts';
import type { Strings } from '../../strings/index.ts';
import type { View } from '../view.ts';
import type { TextViews } from './text-views.ts';

/** What the views of the conversation are drawn from. */
export type ConversationView = Omit<View, 'strings'> & {
  readonly strings: Strings;
  readonly texts: TextViews;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

export type Part = ViewMessage['parts'][number];
export type PartOf<Type extends Part['type']> = Extract<Part, { readonly type: Type }>;
