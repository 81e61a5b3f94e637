import { fileURLToPath } from 'node:url';
import type { ChatMessage, ContentPart } from '../../../src/protocol/index.ts';
import { loadDocuments, type Agent, type Turn } from '../../src/agents/index.ts';

export const articles = fileURLToPath(new URL('../../../demo/articles', import.meta.url));

export const documents = await loadDocuments(articles);

export function said(role: ChatMessage['role'], text: string): ChatMessage {
  return { id: crypto.randomUUID(), role, parts: [{ type: 'text', text }] };
}

/** A turn of an anonymous visitor whose last words are `question`. */
export function turnOf(question: string, changes: Partial<Turn> = {}): Turn {
  return {
    agentId: 'demo',
    agentName: 'Fernhill',
    user: { verified: false, selfReported: {} },
    conversationId: crypto.randomUUID(),
    history: [said('user', question)],
    metadata: {},
    signal: new AbortController().signal,
    ...changes,
  };
}

export function verified(name: string, claims: { readonly [name: string]: unknown } = {}): Turn['user'] {
  return { verified: true, subject: 'user-1', name, email: 'ada@example.com', claims };
}

export type Reply = {
  readonly parts: readonly ContentPart[];
  readonly text: string;
  readonly urls: readonly string[];
};

export async function replyOf(agent: Agent, turn: Turn): Promise<Reply> {
  const parts: ContentPart[] = [];
  for await (const part of agent.reply(turn)) parts.push(part);
  return { parts, text: textIn(parts), urls: parts.flatMap((part) => (part.type === 'source-url' ? [part.url] : [])) };
}

export function textIn(parts: readonly ContentPart[]): string {
  return parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
}
