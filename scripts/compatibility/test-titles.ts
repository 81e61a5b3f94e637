import ts from 'typescript';

/** What can be known of an expression without running it. Undefined: nothing. */
type Value = string | readonly Value[] | { readonly fields: ReadonlyMap<string, Value> } | undefined;
type Scope = Map<string, Value>;
type Context = { readonly titles: Set<string>; readonly helpers: Map<string, ts.SignatureDeclaration> };

const tests = new Set(['test', 'it']);
const groups = new Set(['describe', 'suite']);
const unknownText = '…';

/**
 * The titles of the tests in a file, in their order, each once; of `describe` those that hold a test. Reads the code and does not
 * run it: literals, templates, what a `for … of` or `forEach` goes through, and helpers of the same file that take a title. What
 * cannot be known stands as `…`.
 */
export function readTestTitles(fileName: string, code: string): readonly string[] {
  const context: Context = { titles: new Set(), helpers: new Map() };
  visit(ts.createSourceFile(fileName, code, ts.ScriptTarget.Latest), new Map(), context);
  return [...context.titles];
}

function visit(node: ts.Node, outer: Scope, context: Context): void {
  if (ts.isForOfStatement(node)) return visitLoop(node, outer, context);
  const scope = ts.isBlock(node) || ts.isFunctionLike(node) ? new Map(outer) : outer;
  if (ts.isFunctionLike(node)) for (const { name } of node.parameters) bind(name, undefined, scope);
  if (ts.isFunctionDeclaration(node) && node.name) context.helpers.set(node.name.text, node);
  if (ts.isVariableDeclaration(node)) declare(node, scope, context);
  if (ts.isCallExpression(node)) visitCall(node, scope, context);
  ts.forEachChild(node, (child) => visit(child, scope, context));
}

function declare({ name, initializer }: ts.VariableDeclaration, scope: Scope, { helpers }: Context): void {
  bind(name, initializer && evaluate(initializer, scope), scope);
  if (ts.isIdentifier(name) && initializer && ts.isArrowFunction(initializer)) helpers.set(name.text, initializer);
}

function visitLoop(node: ts.ForOfStatement, outer: Scope, context: Context): void {
  const rows = evaluate(node.expression, outer);
  const declared = ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations[0]?.name : undefined;
  for (const row of isList(rows) ? rows : [undefined]) {
    const scope = new Map(outer);
    if (declared) bind(declared, row, scope);
    visit(node.statement, scope, context);
  }
}

function visitCall(node: ts.CallExpression, scope: Scope, context: Context): void {
  const { expression, arguments: given } = node;
  const [first] = given;
  if (first && isTitled(node)) context.titles.add(textOf(evaluate(first, scope)));
  if (ts.isIdentifier(expression)) return visitHelperCall(expression.text, given, scope, context);
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'forEach') return;
  const rows = evaluate(expression.expression, scope);
  if (!first || !ts.isArrowFunction(first) || !isList(rows)) return;
  for (const row of rows) visitHelper(first, [row], scope, context);
}

function isTitled(node: ts.CallExpression): boolean {
  const { expression, arguments: given } = node;
  if (ts.isIdentifier(expression)) {
    return tests.has(expression.text) || (groups.has(expression.text) && holdsTest(node));
  }
  // `t.test('…', …)` has a body; a regular expression's `test(text)` has none.
  return ts.isPropertyAccessExpression(expression) && tests.has(expression.name.text) && given.length > 1;
}

function visitHelperCall(name: string, given: readonly ts.Expression[], scope: Scope, context: Context): void {
  const helper = context.helpers.get(name);
  if (!helper) return;
  // Without itself, so that a helper that calls itself ends.
  const helpers = new Map([...context.helpers].filter(([, known]) => known !== helper));
  const values = given.map((argument) => evaluate(argument, scope));
  visitHelper(helper, values, scope, { ...context, helpers });
}

function visitHelper(helper: ts.SignatureDeclaration, values: readonly Value[], outer: Scope, context: Context): void {
  const scope = new Map(outer);
  for (const [index, { name }] of helper.parameters.entries()) bind(name, values[index], scope);
  if ('body' in helper && helper.body) visit(helper.body, scope, context);
}

const holdsTest = (node: ts.Node): boolean =>
  ts.forEachChild(
    node,
    (child) =>
      (ts.isCallExpression(child) && ts.isIdentifier(child.expression) && tests.has(child.expression.text)) ||
      holdsTest(child) ||
      undefined,
  ) ?? false;

function bind(name: ts.BindingName, value: Value, scope: Scope): void {
  if (ts.isIdentifier(name)) {
    scope.set(name.text, value);
    return;
  }
  for (const [index, element] of name.elements.entries()) {
    if (!ts.isBindingElement(element)) continue;
    const field = element.propertyName ?? element.name;
    const part = ts.isArrayBindingPattern(name) ? at(value, index) : fieldOf(value, nameOf(field));
    bind(element.name, part, scope);
  }
}

function evaluate(node: ts.Expression, scope: Scope): Value {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
  if (ts.isIdentifier(node)) return scope.get(node.text);
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return evaluate(node.expression, scope);
  }
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.map((span) => textOf(evaluate(span.expression, scope)) + span.literal.text);
    return node.head.text + spans.join('');
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [evaluate(node.left, scope), evaluate(node.right, scope)];
    // Of two unknowns it is not known whether they are texts.
    return typeof left === 'string' || typeof right === 'string' ? textOf(left) + textOf(right) : undefined;
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap((element) => elementsOf(element, scope));
  if (ts.isObjectLiteralExpression(node))
    return { fields: new Map(node.properties.flatMap((it) => entryOf(it, scope))) };
  if (ts.isPropertyAccessExpression(node)) return fieldOf(evaluate(node.expression, scope), node.name.text);
  return ts.isCallExpression(node) ? evaluateCall(node, scope) : undefined;
}

function elementsOf(element: ts.Expression, scope: Scope): readonly Value[] {
  if (!ts.isSpreadElement(element)) return [evaluate(element, scope)];
  const spread = evaluate(element.expression, scope);
  return isList(spread) ? spread : [undefined];
}

function entryOf(property: ts.ObjectLiteralElementLike, scope: Scope): (readonly [string, Value])[] {
  if (ts.isPropertyAssignment(property)) {
    const name = nameOf(property.name);
    return name === undefined ? [] : [[name, evaluate(property.initializer, scope)]];
  }
  return property.name && ts.isIdentifier(property.name) ? [[property.name.text, scope.get(property.name.text)]] : [];
}

/** `list.entries()`, `Object.entries(record)` and `Object.keys(record)`. */
function evaluateCall({ expression, arguments: [first] }: ts.CallExpression, scope: Scope): Value {
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const method = expression.name.text;
  const list = evaluate(expression.expression, scope);
  if (method === 'entries' && isList(list)) return list.map((value, index) => [String(index), value]);
  const isObject = ts.isIdentifier(expression.expression) && expression.expression.text === 'Object';
  const record = isObject && first ? evaluate(first, scope) : undefined;
  if (typeof record !== 'object' || !('fields' in record)) return undefined;
  if (method === 'entries') return [...record.fields];
  return method === 'keys' ? [...record.fields.keys()] : undefined;
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
const at = (value: Value, index: number): Value => (isList(value) ? value[index] : undefined);
const textOf = (value: Value): string => (typeof value === 'string' ? value : unknownText);

const fieldOf = (value: Value, name: string | undefined): Value =>
  typeof value === 'object' && 'fields' in value && name !== undefined ? value.fields.get(name) : undefined;

const nameOf = (name: ts.PropertyName | ts.BindingName): string | undefined =>
  ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
