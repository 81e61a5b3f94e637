/**
 * Where `sign-in-url` leads; undefined for what is not followed. Markup may be somebody else's: nothing is run, and nobody is
 * sent to where others read along.
 */
export function signInAddress(text: string): URL | undefined {
  const url = URL.canParse(text, document.baseURI) ? new URL(text, document.baseURI) : undefined;
  const isOwn = url?.protocol === 'http:' && url.origin === location.origin;
  return url?.protocol === 'https:' || isOwn ? url : undefined;
}
