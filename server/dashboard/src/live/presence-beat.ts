import { api, apiAddress, path } from '../api/index.ts';
import type { Present } from './types.ts';

/** The server takes whoever is silent for 20 seconds for gone. */
const everyMs = 8_000;

/** Says again and again that somebody looks at a conversation, and hears who else does. */
export class PresenceBeat {
  readonly #id: () => string;
  readonly #tell: (present: readonly Present[]) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #typing = false;

  constructor(id: () => string, tell: (present: readonly Present[]) => void) {
    this.#id = id;
    this.#tell = tell;
  }

  start(): void {
    this.#timer = setInterval(() => void this.beat(), everyMs);
    window.addEventListener('pagehide', this.#leave);
    void this.beat();
  }

  stop(): void {
    clearInterval(this.#timer);
    window.removeEventListener('pagehide', this.#leave);
    this.#timer = undefined;
    this.#leave();
  }

  typing(isTyping: boolean): void {
    if (this.#typing === isTyping) return;
    this.#typing = isTyping;
    void this.beat();
  }

  readonly beat = async (): Promise<void> => {
    if (this.#timer === undefined || document.visibilityState !== 'visible') return;
    try {
      const body = { typing: this.#typing };
      const { operators } = await api.post<{ operators: readonly Present[] }>(
        path`conversations/${this.#id()}/presence`,
        body,
      );
      this.#tell(operators);
    } catch {
      // The next beat says it again.
    }
  };

  /** Sent also by a page that is being closed. */
  readonly #leave = (): void => {
    void fetch(apiAddress(path`conversations/${this.#id()}/presence`), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-chat-dashboard': '1' },
      body: JSON.stringify({ leaving: true }),
      keepalive: true,
    }).catch(() => undefined);
  };
}
