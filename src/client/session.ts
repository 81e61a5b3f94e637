import type { Environment } from './environment.ts';

/** A session that nobody has used for this long is over: the next visitor of the same browser starts anew. */
const sessionIdleMs = 24 * 60 * 60 * 1000;

/** How exactly it is known when a session was used last. */
const usedResolutionMs = 60_000;

/**
 * When this browser last used any session: by that alone the shell sees, in a few bytes, whether there may be something to
 * load before anybody opens the chat.
 */
const usedKey = 'chat-widget';

/**
 * The visitor's session secret. It opens an anonymous visitor's conversations, so it is kept as one keeps a session cookie: in
 * `localStorage`, as `chat-widget {server} {agentId} session`.
 */
export type Session = {
  /** The secret, made on first use. Read anew each time, since another tab may have rotated it. */
  secret(): string;
  /** Whether this browser holds a live secret already, which is when there can be something to load. */
  exists(): boolean;
  /** The live secret, without making, or using, one. */
  peek(): string | undefined;
  /** Forgets the secret; the next use makes another. Returns the old one. */
  rotate(): string | undefined;
};

export function createSession(environment: Environment, key: string): Session {
  const read = (maxIdleMs = sessionIdleMs): string | undefined => {
    const [secret, usedAt] = (environment.shared.get(key) ?? '').split(' ');
    const isLive = environment.now() - Number(usedAt) < maxIdleMs;
    return secret !== undefined && /^[\w-]{43}$/.test(secret) && isLive ? secret : undefined;
  };
  return {
    secret() {
      const secret = read() ?? environment.secret();
      // Seldom: what a tab reads may be older than what another has just forgotten, and must not come back by it.
      if (read(usedResolutionMs) === undefined) {
        environment.shared.set(key, `${secret} ${environment.now()}`);
        environment.shared.set(usedKey, `${environment.now()}`);
      }
      return secret;
    },
    exists: () => read() !== undefined,
    peek: () => read(),
    rotate() {
      const old = read();
      environment.shared.remove(key);
      return old;
    },
  };
}
