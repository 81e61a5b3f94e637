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

/** The media types of the files of the message to answer. */
export function attachedTypes(history: readonly ChatMessage[]): readonly string[] {
  const message = history.findLast(({ role }) => role === 'user');
  return message?.parts.flatMap((part) => (part.type === 'file' ? [part.mediaType] : [])) ?? [];
}

/** Whether the message to answer says nothing but has files. */
export function isFilesAlone(history: readonly ChatMessage[]): boolean {
  const message = history.findLast(({ role }) => role === 'user');
  return message !== undefined && textOf(message).trim() === '' && attachedTypes(history).length > 0;
}
