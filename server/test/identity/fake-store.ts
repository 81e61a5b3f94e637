import { isDeepStrictEqual } from 'node:util';
import type { Claims } from '../../../src/protocol/index.ts';
import type { IdentityStore } from '../../src/identity/index.ts';
import type { AuditEntry } from '../../src/storage/index.ts';

/** The store's slices in memory, with what was written open to assertions. */
export type FakeStore = IdentityStore & {
  readonly written: {
    readonly audit: AuditEntry[];
    readonly revoked: Map<string, number>;
    readonly closedSessions: Set<string>;
    readonly published: { readonly channel: string; readonly payload: string }[];
    readonly contacts: Map<string, Claims>;
  };
};

export function createFakeStore(): FakeStore {
  const written: FakeStore['written'] = {
    audit: [],
    revoked: new Map(),
    closedSessions: new Set(),
    published: [],
    contacts: new Map(),
  };
  return {
    written,
    audit: {
      append: async (entry) => void written.audit.push(entry),
      appendOnce: async (entry) => written.audit.push(entry) > 0,
      page: async () => ({ rows: [], nextBefore: null }),
      list: async (agentId, limit) => written.audit.filter((entry) => entry.agentId === agentId).slice(-limit),
    },
    revocations: {
      add: async (agentId, key, expiresAt) => void written.revoked.set(`${agentId}/${key}`, expiresAt),
      has: async (agentId, key) => written.revoked.has(`${agentId}/${key}`),
      sweep: async () => 0,
    },
    sessions: {
      touch: async (agentId, hash) => !written.closedSessions.has(`${agentId}/${hash}`),
      close: async (agentId, hash) => void written.closedSessions.add(`${agentId}/${hash}`),
      sweep: async () => 0,
    },
    contacts: {
      seen: async (agentId, subject, claims) => {
        const key = `${agentId}/${subject}`;
        const differed = !isDeepStrictEqual(written.contacts.get(key), claims);
        written.contacts.set(key, claims);
        return differed;
      },
      find: async (agentId, subject) => {
        const claims = written.contacts.get(`${agentId}/${subject}`);
        return claims === undefined ? undefined : { claims, firstSeenAt: 0, lastSeenAt: 0 };
      },
    },
    notifier: {
      publish: async (channel, payload = '') => void written.published.push({ channel, payload }),
      subscribe: () => () => undefined,
    },
  };
}
