/** A piece of a document under one heading, small enough to be an answer. */
export type Passage = {
  /** Headings above the text, outermost first, as plain text; empty for what stands before the first one. */
  readonly headings: readonly string[];
  /** Markdown, without the heading itself. */
  readonly text: string;
};

export type KnowledgeDocument = {
  /** The file's path below the folder, with `/`. */
  readonly id: string;
  readonly title: string;
  /** As the front matter gives it: a path on the host's site, or an http(s) address. */
  readonly url?: string;
  readonly keywords: readonly string[];
  /** Named first where the agent says what it can help with. */
  readonly featured?: boolean;
  readonly passages: readonly Passage[];
};
