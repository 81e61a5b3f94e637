import type { ViewMessage } from '../../client/index.ts';

export type Author = { readonly kind: 'visitor' | 'agent' } | { readonly kind: 'operator'; readonly name: string };

const agent = { kind: 'agent' } as const;

/** Who wrote a message. What another backend says of its author is believed where it is what the protocol says. */
export function authorOf({ role, metadata }: Pick<ViewMessage, 'role' | 'metadata'>): Author {
  if (role === 'user') return { kind: 'visitor' };
  const { kind, name } = (metadata?.author ?? {}) as { readonly kind?: unknown; readonly name?: unknown };
  return kind === 'operator' ? { kind, name: typeof name === 'string' ? name.trim() : '' } : agent;
}

export function isSameAuthor(one: Author, other: Author): boolean {
  return nameIn(one) === nameIn(other);
}

/** What stands for a person or an agent where there is no picture. */
export function initialOf(name: string): string {
  return [...name][0]?.toUpperCase() ?? '';
}

function nameIn(author: Author): string {
  return author.kind === 'operator' ? `operator ${author.name}` : author.kind;
}
