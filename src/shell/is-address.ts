/** Whether a browser can ask there, from this page. */
export function isAddress(text: string): boolean {
  const base = document.baseURI;
  return text !== '' && URL.canParse(text, base) && /^https?:$/.test(new URL(text, base).protocol);
}
