import { textOf, type ChatMessage } from '../../../src/protocol/index.ts';

/** The visitor's message to answer, and the one before it, as text. */
export type Questions = { readonly question: string; readonly previousQuestion: string | undefined };

export function questionsOf(history: readonly ChatMessage[]): Questions {
  const asked = history
    .filter(({ role }) => role === 'user')
    .slice(-2)
    .map(textOf);
  return { question: asked.at(-1) ?? '', previousQuestion: asked.at(-2) };
}
