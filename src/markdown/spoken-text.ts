const besideTheText = '.code-bar, .image-note, button';
const blocks = 'p, h3, pre, li, blockquote, th, td, hr, .code, .table';

/** What a reader of drawn markdown would say. */
export function spokenText(container: Element): string {
  return pieces(container).join('').replaceAll(/\s+/g, ' ').trim();
}

function pieces(node: Node): string[] {
  if (node instanceof Text) return [node.data];
  if (!(node instanceof Element) || node.matches(besideTheText)) return [];
  if (node instanceof HTMLImageElement) return [node.alt];
  if (node instanceof HTMLInputElement) return [`${node.ariaLabel ?? ''}: `];
  const inner = [...node.childNodes].flatMap(pieces);
  return node.matches(blocks) || node instanceof HTMLBRElement ? [' ', ...inner, ' '] : inner;
}
