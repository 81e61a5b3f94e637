/**
 * Where a source's link leads: an http or https address, relative ones resolved against the page. Undefined for all
 * others, which are shown as text.
 */
export function sourceHref(url: string, base = document.baseURI): string | undefined {
  try {
    const { protocol, href } = new URL(url, base);
    return protocol === 'https:' || protocol === 'http:' ? href : undefined;
  } catch {
    return undefined;
  }
}
