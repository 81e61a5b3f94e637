import type { Environment } from './environment.ts';

/** A session that nobody has used for this long is over: the next visitor of the same browser starts anew. */
export const sessionIdleMs = 24 * 60 * 60 * 1000;

/** The visitor's session secret. It opens an anonymous visitor's conversations, so it is kept as one keeps a session cookie. */
export type Session = {
  /** The secret, made on first use. Read anew each time, since another tab may have rotated it. */
  secret(): string;
  /** Whether this browser holds a live secret already, which is when there can be something to load. */
  exists(): boolean;
  /** Forgets the secret; the next use makes another. Returns the old one. */
  rotate(): string | undefined;
};

export function createSession(environment: Environment, key: string): Session {
  const read = (): string | undefined => {
    const [secret, usedAt] = (environment.shared.get(key) ?? '').split(' ');
    const isLive = environment.now() - Number(usedAt) < sessionIdleMs;
    return secret !== undefined && /^[\w-]{43}$/.test(secret) && isLive ? secret : undefined;
  };
  return {
    secret() {
      const secret = read() ?? environment.secret();
      environment.shared.set(key, `${secret} ${environment.now()}`);
      return secret;
    },
    exists: () => read() !== undefined,
    rotate() {
      const old = read();
      environment.shared.remove(key);
      return old;
    },
  };
}
