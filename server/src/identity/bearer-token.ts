/**
 * The token that an `Authorization` header carries (RFC 6750 section 2.1; the scheme in any case, RFC 9110 section 11.1).
 *
 * @returns undefined where no header was sent. Any other scheme, and a value that is no token, gives the empty text: a token was
 *   sent, and it is malformed
 */
export function readBearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  return /^bearer +(\S.*)$/i.exec(authorization)?.[1] ?? '';
}
