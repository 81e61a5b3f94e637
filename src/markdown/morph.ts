/**
 * Makes the children of `parent` from index `from` on equal to `wanted`, touching only what differs: an element that
 * is the same stays the same node, so that a selection, a focus or a scroll position in it survives.
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
  if (present.isEqualNode(wanted)) return;
  if (present instanceof Text && wanted instanceof Text) present.data = wanted.data;
  else if (present.cloneNode(false).isEqualNode(wanted.cloneNode(false))) {
    morphChildren(present, [...wanted.childNodes]);
  } else present.replaceWith(wanted);
}
