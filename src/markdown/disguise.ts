/** Endings of file names that are no top-level domains: "Node.js" is no host. */
const fileEnding = /\.(?:js|ts|jsx|tsx|json|html?|css|txt|pdf|png|jpe?g|gif|svg|csv|xml|ya?ml|docx?|xlsx?)$/;

/** Nothing is drawn for these, so they may not keep a host from being seen as one. */
const unseen = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** What may be an address, wherever in a word it stands: an arrow, a lock or a dash before or behind it is none of it. */
const places =
  /(?<scheme>(?:https?|ftp|mailto):[/\\]*|(?<![\p{L}\p{N}])[/\\]{2})(?<authority>[^\s/\\?#()[\]<>"'«»“”„,;|]*)|(?<bare>@*[\p{L}\p{M}\p{N}_-]+(?:[.@\u3002][\p{L}\p{M}\p{N}_-]+)*(?::\d+)?)/giu;
const restOfAddress = /[/\\?#][\p{L}\p{M}\p{N}._~:/?#@!$&*+=%\\-]*/uy;
const hostLike =
  /^(?:\d+(?:\.\d+){3}|[\p{L}\p{M}\p{N}_-]+(?:[.\u3002][\p{L}\p{M}\p{N}_-]+)*[.\u3002][\p{L}\p{M}\p{N}-]{2,})(?::\d+)?$/u;

/**
 * Whether a link's text names another place than the one that it leads to: another host or mailbox, another telephone
 * number, a host in letters that can be taken for others, or a host as the user name of another one.
 */
export function isDisguised(text: string, target: URL): boolean {
  if (target.protocol === 'tel:') return isOtherNumber(text, target.pathname);
  // Full-width letters, one-dot leaders and the like are what they look like.
  const shown = text.replaceAll(unseen, '').normalize('NFKC');
  places.lastIndex = 0;
  for (let match = places.exec(shown); match !== null; match = places.exec(shown)) {
    const { scheme, authority, bare = '' } = match.groups ?? {};
    const found = judge((authority ?? bare).replace(/[.:!…。]+$/u, ''), scheme, target);
    if (found === 'other') return true;
    if (found === 'same') places.lastIndex = endOfAddress(shown, places.lastIndex);
  }
  return false;
}

/** Hosts in an address's own path and query are no place that it leads to. */
function endOfAddress(text: string, from: number): number {
  restOfAddress.lastIndex = from;
  return restOfAddress.test(text) ? restOfAddress.lastIndex : from;
}

function isOtherNumber(text: string, dialled: string): boolean {
  const shown = text.replaceAll(/\D/g, '');
  const national = shown.replace(/^0+/, '');
  return shown.length > 4 && !dialled.replaceAll(/\D/g, '').endsWith(national);
}

function judge(authority: string, scheme: string | undefined, target: URL): 'none' | 'same' | 'other' {
  const [host = '', ...users] = authority.split('@').toReversed();
  if (users.length > 0 && scheme !== undefined && !/^mailto/i.test(scheme)) return 'other';
  const named = hostNamed(host, scheme !== undefined);
  if (named === undefined) return 'none';
  if (target.protocol === 'mailto:') return mailDomains(target).includes(named) ? 'same' : 'other';
  return /[^\0-\x7f]/u.test(host) || !isWithin(target.hostname, named) ? 'other' : 'same';
}

/** The host that a reader sees in this, as the platform spells it. */
function hostNamed(text: string, hasScheme: boolean): string | undefined {
  const isFile = fileEnding.test(text) || (/^[\d.]+$/.test(text) && text.split('.').length !== 4);
  if (!hasScheme && (isFile || !hostLike.test(text))) return undefined;
  try {
    return new URL(`http://${text}`).hostname;
  } catch {
    // With a mark before its first letter it is no host to the platform, and one to a reader.
    return /\p{L}/u.test(text) ? text : undefined;
  }
}

function isWithin(host: string, named: string): boolean {
  const [inner, outer] = [host, named].map((name) => name.replace(/^www\./, ''));
  return inner === outer || host.endsWith(`.${outer}`);
}

function mailDomains(target: URL): string[] {
  return target.pathname.split(',').map((mailbox) => mailbox.slice(mailbox.lastIndexOf('@') + 1).toLowerCase());
}
