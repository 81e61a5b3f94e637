const schemes = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/**
 * The address in its canonical spelling, or undefined where it is neither an absolute one of a harmless scheme nor a path
 * on the page's own site ("/help/returns", as help articles link to each other). The platform's own parser decides, so that
 * `java\nscript:`, `/\evil.example` and other disguises are judged as a browser reads them.
 */
export function safeHref(href: string, base = document.baseURI): string | undefined {
  const safe = judge(href, base);
  // A backslash is a character of the address in markdown, and a slash to browsers.
  return safe !== undefined && href.includes('\\') ? judge(href.replaceAll('\\', '%5C'), base) : safe;
}

function judge(href: string, base: string): string | undefined {
  if (href.startsWith('/')) return ownPath(href, base);
  const url = parse(href);
  return url !== undefined && schemes.has(url.protocol) ? url.href : undefined;
}

function ownPath(path: string, base: string): string | undefined {
  const url = parse(path, base);
  return url !== undefined && url.origin === new URL(base).origin ? url.href : undefined;
}

function parse(href: string, base?: string): URL | undefined {
  try {
    return new URL(href, base);
  } catch {
    return undefined;
  }
}
