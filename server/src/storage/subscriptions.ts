import type { Notifier } from './store.ts';

/** Who listens to what inside this process. */
export type Subscriptions = Pick<Notifier, 'subscribe'> & {
  deliver(channel: string, payload: string): void;
  /** Wakes everyone with an empty payload: something may have been missed. */
  deliverToAll(): void;
};

type Listener = (payload: string) => void;

export function createSubscriptions(onError: (error: unknown) => void): Subscriptions {
  const channels = new Map<string, Set<Listener>>();

  function subscribe(channel: string, listener: Listener): () => void {
    // A wrapper of its own, so that one function can be subscribed twice and leave once.
    const entry: Listener = (payload) => listener(payload);
    const listeners = channels.get(channel) ?? new Set<Listener>();
    channels.set(channel, listeners.add(entry));
    return () => {
      listeners.delete(entry);
      if (listeners.size === 0 && channels.get(channel) === listeners) channels.delete(channel);
    };
  }

  function deliver(channel: string, payload: string): void {
    for (const listener of [...(channels.get(channel) ?? [])]) {
      try {
        listener(payload);
      } catch (error) {
        onError(error);
      }
    }
  }

  function deliverToAll(): void {
    for (const channel of [...channels.keys()]) deliver(channel, '');
  }

  return { subscribe, deliver, deliverToAll };
}
