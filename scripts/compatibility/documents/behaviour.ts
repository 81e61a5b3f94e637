/** What one of the documents says, in our words, and what stands for it here. Both are Markdown. */
export type Behaviour = { readonly id: string; readonly documented: string; readonly ours: string };

export type CompatibleDocument = {
  readonly title: string;
  /** How to get all of it at once, beside the snippets of the document, which run as they are. */
  readonly preset: string;
  readonly behaviours: readonly Behaviour[];
};

type Row = readonly [id: string, documented: string, ours: string];

export const behaviours = (...rows: readonly Row[]): readonly Behaviour[] =>
  rows.map(([id, documented, ours]) => ({ id, documented, ours }));
