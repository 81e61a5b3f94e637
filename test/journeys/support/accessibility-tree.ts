import type { Page } from 'playwright-core';

type AxNode = {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly role?: { readonly value?: string };
  readonly name?: { readonly value?: string };
  readonly childIds?: readonly string[];
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[];
};

/** Roles that carry nothing by themselves. */
const silent = new Set([
  'generic',
  'none',
  'StaticText',
  'InlineTextBox',
  'RootWebArea',
  'LineBreak',
  'ListMarker',
  'image',
  'paragraph',
  'strong',
  'time',
]);
const states = ['expanded', 'pressed', 'checked', 'disabled', 'invalid', 'live', 'modal', 'hasPopup'];

/**
 * What Chromium tells a screen reader of the chat, a line for each thing: its role, its name, and states that are on. Names
 * are cut at 60 characters; the time of day is `12:00`.
 */
export async function readAccessibilityTree(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as { nodes: readonly AxNode[] };
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const launcher = nodes.find((node) => roleOf(node) === 'button' && /^Chat\b/.test(nameOf(node)));
  const panel = nodes.find((node) => roleOf(node) === 'dialog');
  return [launcher, panel].flatMap((node) => (node === undefined ? [] : linesOf(node, byId)));
}

function linesOf(node: AxNode, byId: ReadonlyMap<string, AxNode>): string[] {
  const children = (node.childIds ?? []).flatMap((id) => byId.get(id) ?? []);
  const below = children.flatMap((child) => linesOf(child, byId));
  return node.ignored || silent.has(roleOf(node)) ? below : [describe(node), ...below];
}

function describe(node: AxNode): string {
  const on = (node.properties ?? []).filter(({ name, value }) => states.includes(name) && isOn(value.value));
  const words = on.map(({ name, value }) => (value.value === true ? name : `${name}=${String(value.value)}`));
  return [roleOf(node), JSON.stringify(nameOf(node)), ...words].join(' ');
}

const roleOf = (node: AxNode): string => node.role?.value ?? '';
const nameOf = (node: AxNode): string =>
  (node.name?.value ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/\d+:\d\d\s[AP]M/, '12:00')
    .slice(0, 60);
const isOn = (value: unknown): boolean => value !== undefined && value !== 'false' && value !== '' && value !== false;
