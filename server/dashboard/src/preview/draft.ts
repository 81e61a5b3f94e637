/** What the page of an agent's settings and the preview in its frame say to each other. */
export type PreviewDraft = {
  readonly type: 'chat-preview-draft';
  readonly agentId: string;
  readonly name: string;
  readonly greeting: string;
  readonly suggestions: readonly string[];
  readonly appearance: Readonly<Record<string, string>>;
};

export type PreviewReady = { readonly type: 'chat-preview-ready' };

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** A message of the window around the preview, decoded; undefined for anything else, such as that of an extension. */
export function readDraft(value: unknown): PreviewDraft | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const given: Readonly<Record<string, unknown>> = { ...value };
  const { type, agentId, name, greeting, suggestions, appearance } = given;
  if (type !== 'chat-preview-draft' || !isTexts([agentId, name, greeting]) || !isTexts(suggestions)) return undefined;
  if (typeof appearance !== 'object' || appearance === null || !isTexts(Object.values(appearance))) return undefined;
  return value as PreviewDraft;
}

export const isReady = (value: unknown): value is PreviewReady =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'chat-preview-ready';
