import { randomBytes } from 'node:crypto';

const idBytes = 32;

export type Sessions = {
  /** Starts a session and returns its id: 32 random bytes, base64url. */
  start(userId: string): string;
  /** The user of a running session. Ids that the shop did not make itself are unknown, whatever they look like. */
  userId(id: string): string | undefined;
  end(id: string): void;
  readonly size: number;
};

export type SessionOptions = {
  /** How long a session lives after its start. Default 8 hours. */
  readonly lifetimeMs?: number;
  /** The oldest session makes room when there are more. Default 10,000. */
  readonly maxSessions?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

/** The shop's login sessions, kept in memory: a restart of the shop signs everybody out. */
export function createSessions(options: SessionOptions = {}): Sessions {
  const { lifetimeMs = 8 * 60 * 60 * 1000, maxSessions = 10_000, now = Date.now } = options;
  const sessions = new Map<string, { userId: string; expiresAt: number }>();

  // A Map keeps the order of insertion and all sessions live equally long: the first ones are the oldest.
  function makeRoom(): void {
    for (const [id, session] of sessions) {
      if (session.expiresAt > now() && sessions.size < maxSessions) return;
      sessions.delete(id);
    }
  }

  return {
    start(userId) {
      makeRoom();
      const id = randomBytes(idBytes).toString('base64url');
      sessions.set(id, { userId, expiresAt: now() + lifetimeMs });
      return id;
    },
    userId(id) {
      const session = sessions.get(id);
      if (session === undefined) return undefined;
      if (session.expiresAt > now()) return session.userId;
      sessions.delete(id);
      return undefined;
    },
    end(id) {
      sessions.delete(id);
    },
    get size() {
      return sessions.size;
    },
  };
}
