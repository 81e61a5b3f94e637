const schemes = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/**
 * The address in its canonical spelling, or undefined where it is not an absolute one of a harmless scheme.
 * The platform's own parser decides, so that `java\nscript:` and other disguises are judged as a browser reads them.
 */
export function safeHref(href: string): string | undefined {
  const url = URL.parse?.(href) ?? parseWithoutStatic(href);
  return url !== null && schemes.has(url.protocol) ? url.href : undefined;
}

/** `URL.parse` is younger (2024) than what we run on. */
function parseWithoutStatic(href: string): URL | null {
  try {
    return new URL(href);
  } catch {
    return null;
  }
}
