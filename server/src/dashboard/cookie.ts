/** Only this origin can set it, over TLS (or to the own machine), and no other site's request carries it. */
const cookieName = '__Host-chat-dashboard';

export function readCookie(headers: Headers, name: string = cookieName): string | undefined {
  const found = (headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  // Two of them can only be somebody's doing.
  return found.length === 1 ? found[0] : undefined;
}

export function setCookie(token: string, maxAgeSeconds: number): string {
  return `${cookieName}=${token}; Path=/; Max-Age=${maxAgeSeconds}; Secure; HttpOnly; SameSite=Strict`;
}

export function clearCookie(): string {
  return setCookie('', 0);
}
