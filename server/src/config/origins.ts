/**
 * Which web pages may call an agent. Three spellings:
 * `https://shop.example` (exactly this origin), `https://*.shop.example` (one or more labels in place of the star,
 * never the bare domain), and `http://localhost:*`, `http://127.0.0.1:*`, `http://[::1]:*` (any port, loopback only).
 */
export type OriginPattern =
  | { readonly kind: 'exact'; readonly origin: string }
  | { readonly kind: 'subdomains'; readonly scheme: string; readonly suffix: string }
  | { readonly kind: 'loopback'; readonly scheme: string; readonly hostname: string };

export type OriginPatternResult =
  | { readonly ok: true; readonly pattern: OriginPattern }
  | { readonly ok: false; readonly message: string };

const hint = 'use https://shop.example, https://*.shop.example, or http://localhost:*';
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const loopbackPattern = /^(https?):\/\/(localhost|127\.0\.0\.1|\[::1\]):\*$/;
const subdomainPattern = new RegExp(String.raw`^(https?)://\*\.(${label}(?:\.${label})+(?::\d{1,5})?)$`);
const subdomainLabels = new RegExp(String.raw`^${label}(?:\.${label})*$`);

/** Reads one entry of `allowedOrigins`. Never throws. */
export function parseOriginPattern(text: string): OriginPatternResult {
  const loopback = loopbackPattern.exec(text);
  if (loopback?.[1] !== undefined && loopback[2] !== undefined) {
    return { ok: true, pattern: { kind: 'loopback', scheme: `${loopback[1]}:`, hostname: loopback[2] } };
  }
  const subdomains = subdomainPattern.exec(text);
  if (subdomains?.[1] !== undefined && subdomains[2] !== undefined) {
    return { ok: true, pattern: { kind: 'subdomains', scheme: subdomains[1], suffix: `.${subdomains[2]}` } };
  }
  return parseExactOrigin(text);
}

function parseExactOrigin(text: string): OriginPatternResult {
  if (text.includes('*'))
    return { ok: false, message: `a star stands for subdomains or a loopback port only; ${hint}` };
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return { ok: false, message: `not an origin; ${hint}` };
  }
  // A browser sends an origin without path, default port, or upper case: any other spelling would never match.
  if (url.origin !== text) return { ok: false, message: `write it as browsers send it: ${url.origin}` };
  return { ok: true, pattern: { kind: 'exact', origin: text } };
}

/** Whether the value of an `Origin` header is on the list. `null` (sandboxed pages, files) never is. */
export function originMatches(patterns: readonly OriginPattern[], origin: string): boolean {
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin || origin === 'null') return false;
  return patterns.some((pattern) => matchesPattern(pattern, url));
}

function matchesPattern(pattern: OriginPattern, url: URL): boolean {
  switch (pattern.kind) {
    case 'exact':
      return url.origin === pattern.origin;
    case 'loopback':
      return url.protocol === pattern.scheme && url.hostname === pattern.hostname;
    case 'subdomains': {
      const start = `${pattern.scheme}://`;
      if (!url.origin.startsWith(start) || !url.origin.endsWith(pattern.suffix)) return false;
      return subdomainLabels.test(url.origin.slice(start.length, -pattern.suffix.length));
    }
  }
}
