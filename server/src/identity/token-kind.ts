import type { CompactToken } from './compact-token.ts';

/** RFC 7515 section 4.1.9: a media type, whose "application/" may be left out and whose letters may be large or small. */
const actionCall = /^(?:application\/)?chat-action\+jwt$/i;

/**
 * Whether a token says that it is one of our own calls to a host (docs/actions.md). Those hold a visitor's claims too: who gets
 * one must not be able to pass for the visitor, whatever key it is signed with (RFC 8725 section 3.11). Visitors' tokens come
 * from many libraries, so no other `typ` is asked for or refused.
 */
export function isActionCall({ header }: CompactToken): boolean {
  return typeof header['typ'] === 'string' && actionCall.test(header['typ']);
}
