/**
 * Makes the children of `parent` from index `from` on equal to `wanted`, touching only what differs: an element that
 * is the same stays the same node, so that a selection, a focus or a scroll position in it survives. One with a life of
 * its own (`data-own`: an image that was asked for, a bar that says "Copied") stays as it is where the same is wanted.
 */
export function morphChildren(parent: Node, wanted: readonly Node[], from = 0): void {
  wanted.forEach((node, index) => {
    const present = parent.childNodes[from + index];
    if (present === undefined) parent.appendChild(node);
    else morph(present, node);
  });
  while (parent.childNodes.length > from + wanted.length) parent.lastChild?.remove();
}

function morph(present: ChildNode, wanted: Node): void {
  if (present.isEqualNode(wanted) || isOwn(present, wanted)) return;
  if (present instanceof Text && wanted instanceof Text) morphText(present, wanted.data);
  else if (present.cloneNode(false).isEqualNode(wanted.cloneNode(false))) {
    morphChildren(present, [...wanted.childNodes]);
  } else present.replaceWith(wanted);
}

/** Appending keeps a selection in the text, setting it anew does not. */
function morphText(present: Text, wanted: string): void {
  if (wanted.startsWith(present.data)) present.appendData(wanted.slice(present.data.length));
  else present.data = wanted;
}

function isOwn(present: Node, wanted: Node): boolean {
  if (!(present instanceof HTMLElement) || !(wanted instanceof HTMLElement)) return false;
  return present.dataset['own'] !== undefined && present.dataset['own'] === wanted.dataset['own'];
}
