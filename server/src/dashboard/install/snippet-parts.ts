export type SnippetFile = {
  /** Where it belongs, as it is written above the code. */
  readonly name: string;
  readonly code: string;
};

/** What snippets are made for. Nothing of it holds a character that HTML, JavaScript, PHP or Liquid would read as its own. */
export type SnippetTarget = {
  readonly server: string;
  readonly agentId: string;
  /** What the closed launcher wears: the page has to say it, as the chat asks for nothing before it is opened. */
  readonly looks?: Attributes;
  /** Where visitors of the site sign in, escaped for an attribute; undefined where the site does not say. */
  readonly signInUrl?: string | undefined;
};

/** @param tokenUrl where the site answers with tokens; undefined where it signs none */
export type FilesFor = (target: SnippetTarget, tokenUrl: string | undefined) => readonly SnippetFile[];

export function scriptTag(server: string, values: Attributes): string {
  return `<script async src="${server}/widget/chat.js"${attributes(values)}></script>`;
}

export type Attributes = readonly (readonly [name: string, value: string | undefined])[];

export function attributes(values: Attributes): string {
  return values.map(([name, value]) => (value === undefined ? '' : ` ${name}="${value}"`)).join('');
}

/** The attributes of a `<chat-widget>`. */
export const elementAttributes = (target: SnippetTarget, tokenUrl: string | undefined): Attributes => [
  ['agent-id', target.agentId],
  ['token-url', tokenUrl],
  ['sign-in-url', tokenUrl === undefined ? undefined : target.signInUrl],
  ...(target.looks ?? []),
];

/** The same, on the script tag. */
export const scriptAttributes = (target: SnippetTarget, tokenUrl: string | undefined): Attributes =>
  elementAttributes(target, tokenUrl).map(([name, value]) => [`data-${name}`, value]);
