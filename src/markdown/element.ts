export type Child = Node | string;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Name] {
  const node = document.createElement(name);
  node.append(...children);
  return node;
}

export function textNode(text: string): Text {
  return document.createTextNode(text);
}

/** An element with a class that is also its name for `::part()`. */
export function partElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  part: string,
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Name] {
  const node = element(name, children);
  node.className = part;
  node.setAttribute('part', part);
  return node;
}

export function smallButton(part: string, label: string): HTMLButtonElement {
  const button = partElement('button', part, [label]);
  button.classList.add('small');
  button.type = 'button';
  return button;
}

/** Wide content scrolls by itself, so it must be reachable by keyboard. */
export function scrollable(node: HTMLElement, label: string): HTMLElement {
  node.tabIndex = 0;
  node.setAttribute('role', 'group');
  node.ariaLabel = label;
  return node;
}
