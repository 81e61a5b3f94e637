// The custom elements manifest as VS Code reads it: https://github.com/microsoft/vscode-custom-data

type Entry = { readonly name: string; readonly description?: string; readonly type?: { readonly text: string } };

/** As much of `custom-elements.json` as editors are told. */
export type ElementDescription = {
  readonly tagName: string;
  readonly description: string;
  readonly attributes: readonly Entry[];
  readonly events: readonly Entry[];
  readonly slots: readonly Entry[];
  readonly cssParts: readonly Entry[];
  readonly cssProperties: readonly Entry[];
};

/** The one element that the manifest describes. */
export function readManifest(json: string): ElementDescription {
  const { modules } = JSON.parse(json) as { modules: readonly { declarations: readonly ElementDescription[] }[] };
  const [element] = modules.flatMap(({ declarations }) => declarations);
  if (element === undefined) throw new Error('custom-elements.json describes no element');
  return element;
}

/** The texts of a union such as `'light' | 'dark'`; none for other types. */
const valuesOf = (type = ''): { name: string }[] => [...type.matchAll(/'([^']+)'/g)].map(([, name = '']) => ({ name }));

/** Value of VS Code's `html.customData`. Events and slots have no place of their own there. */
export function htmlCustomData({ tagName, description, attributes, events, slots }: ElementDescription): object {
  const list = (title: string, entries: readonly Entry[]): string =>
    `\n\n**${title}**\n${entries.map((entry) => `- \`${entry.name}\`: ${entry.description ?? ''}`).join('\n')}`;
  return {
    version: 1.1,
    tags: [
      {
        name: tagName,
        description: { kind: 'markdown', value: description + list('Slots', slots) + list('Events', events) },
        attributes: attributes.map(({ name, description: value = '', type }) => ({
          name,
          description: { kind: 'markdown', value },
          ...(type?.text === 'boolean' ? { valueSet: 'v' } : {}),
          ...(valuesOf(type?.text).length > 0 ? { values: valuesOf(type?.text) } : {}),
        })),
      },
    ],
  };
}

/** Value of VS Code's `css.customData`. */
export function cssCustomData({ cssParts, cssProperties }: ElementDescription): object {
  const entries = (all: readonly Entry[], toName: (name: string) => string): object[] =>
    all.map(({ name, description }) => ({ name: toName(name), ...(description && { description }) }));
  return {
    version: 1.1,
    properties: entries(cssProperties, (name) => name),
    pseudoElements: entries(cssParts, (name) => `::part(${name})`),
  };
}
