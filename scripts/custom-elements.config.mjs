// How `custom-elements.json` is made from the sources (docs/decisions/0019-package.md).

/** Documented where their types stand. */
const attributesType = 'ChatWidgetAttributes';
const eventsType = 'ChatWidgetEventMap';
const partsType = 'PanelParts';
const propertiesType = 'PanelProperties';
const element = 'ChatWidgetElement';

const commentOf = (member) =>
  (member.jsDoc ?? [])
    .map(({ comment }) => comment ?? '')
    .join('\n')
    .replaceAll(/\s+/g, ' ');

/** @returns {{name: string, type: {text: string}, description: string}[]} */
function membersOf(node) {
  const members = node.members ?? node.type.members;
  return members.map((member) => ({
    name: member.name.text,
    type: { text: member.type.getText().replace(/ \| undefined$/, '') },
    description: commentOf(member),
  }));
}

/** What each method of a class returns: the analyzer loses it where a comment says more about it. */
const resultsOf = (ts, node) =>
  new Map(
    node.members.filter(ts.isMethodDeclaration).map((method) => [method.name.getText(), method.type?.getText() ?? '']),
  );

const defaultOf = (description) => /Default `([^`]+)`/.exec(description)?.[1];

const toAttribute = (member) => {
  const fallback = defaultOf(member.description);
  return fallback === undefined ? member : { ...member, default: `'${fallback}'` };
};

const toStyling = ({ name, description }) => ({ name, description });

/** Neither private nor inherited, such as a handler that the constructor assigns. */
const isPublic = ({ kind, name, type, privacy, static: isStatic }) =>
  privacy === undefined && !isStatic && !/^#|Callback$/.test(name) && (kind === 'method' || type !== undefined);

function chatWidget() {
  const found = new Map();
  return {
    name: 'chat-widget',
    analyzePhase({ ts, node }) {
      const isType = ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node);
      if (ts.isClassDeclaration(node) && node.name?.text === element) found.set(element, resultsOf(ts, node));
      if (isType && [attributesType, eventsType, partsType, propertiesType].includes(node.name.text))
        found.set(node.name.text, membersOf(node));
    },
    packageLinkPhase({ customElementsManifest }) {
      const declarations = customElementsManifest.modules.flatMap((module) => module.declarations ?? []);
      const named = (name) => {
        const declaration = declarations.find((candidate) => candidate.name === name);
        if (declaration === undefined) throw new Error(`${name} was not found`);
        return declaration;
      };
      const widget = named(element);
      const results = found.get(element);
      const withResult = (member) =>
        member.kind === 'method' ? { ...member, return: { type: { text: results.get(member.name) } } } : member;
      Object.assign(widget, {
        customElement: true,
        tagName: 'chat-widget',
        superclass: { name: 'HTMLElement' },
        members: widget.members.filter(isPublic).map(withResult),
        attributes: found.get(attributesType).map(toAttribute),
        events: found.get(eventsType),
        cssParts: [...widget.cssParts, ...found.get(partsType).map(toStyling)],
        cssProperties: found.get(propertiesType).map(toStyling),
      });
      // The panel is the element's own affair, and the paths are those of the package.
      customElementsManifest.modules = [
        {
          kind: 'javascript-module',
          path: 'dist/chat-widget.js',
          declarations: [widget],
          exports: [
            { kind: 'js', name: element, declaration: { name: element, module: 'dist/chat-widget.js' } },
            {
              kind: 'custom-element-definition',
              name: 'chat-widget',
              declaration: { name: element, module: 'dist/chat-widget.js' },
            },
          ],
        },
      ];
    },
  };
}

export default {
  globs: ['src/shell/{element,markup}.ts', 'src/panel/styling.ts'],
  // It would write into package.json.
  packagejson: false,
  plugins: [chatWidget()],
};
