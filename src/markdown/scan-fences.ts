/** `end`: behind the last fenced block. `visibleEnd`: all but a line that may become the fence at its end. */
export type Fences =
  | { readonly state: 'open'; readonly visibleEnd: number }
  | { readonly state: 'closed'; readonly end: number };

/** Whether a text ends within a fenced code block. */
export function scanFences(source: string): Fences {
  let open: { marker: string; start: number; end: number } | undefined;
  let end = 0;
  for (const match of source.matchAll(/^[ \t>]*(?:(?:[-+*]|\d+[.)]) +)*(`{3,}|~{3,})([^\n]*)$/gm)) {
    const [line, marker = '', rest = ''] = match;
    const lineEnd = match.index + line.length;
    if (open === undefined) {
      if (marker.startsWith('`') && rest.includes('`')) continue;
      open = { marker, start: match.index, end: lineEnd };
    } else if (marker.startsWith(open.marker) && rest.trim() === '') {
      open = undefined;
      end = lineEnd;
    }
  }
  if (open === undefined) return { state: 'closed', end };
  // The language is not known before the line has ended.
  if (open.end === source.length) return { state: 'open', visibleEnd: open.start };
  return { state: 'open', visibleEnd: startOfClosing(source, open.marker) };
}

function startOfClosing(source: string, marker: string): number {
  const lineStart = source.lastIndexOf('\n');
  const typed = /^[ \t>]*(`+|~+)?$/.exec(source.slice(lineStart + 1))?.[1] ?? '';
  return typed !== '' && marker.startsWith(typed) ? lineStart : source.length;
}
