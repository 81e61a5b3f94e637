import type { ChatClient, FailureCode } from '../../../client/index.ts';
import { en } from '../../../strings/index.ts';
import { failureCodeOf } from '../failure-code.ts';

export type RenameHost = {
  client(): ChatClient | undefined;
  changed(): void;
  /** Shown at once; undone by the same with the title from before. */
  retitled(id: string, title: string): void;
};

/** A new title for one conversation at a time. */
export class Rename {
  readonly #host: RenameHost;
  #id: string | undefined;
  #failed: { readonly id: string; readonly code: FailureCode } | undefined;

  constructor(host: RenameHost) {
    this.#host = host;
  }

  /** The conversation that is being renamed. */
  get id(): string | undefined {
    return this.#id;
  }

  /** The last one that could not be, and why. */
  get failed() {
    return this.#failed;
  }

  begin(id: string): void {
    this.#failed = undefined;
    this.#set(id);
  }

  /** An empty title, and the same again, leave it as it is. */
  save(id: string, before: string, value: string): void {
    const title = value.trim();
    this.#set(undefined);
    const client = this.#host.client();
    if (client === undefined || title === '' || title === before) return;
    const { epoch } = client.snapshot;
    this.#host.retitled(id, title);
    client.renameConversation(id, title).catch((error: unknown) => {
      const code = failureCodeOf(error, en);
      if (code === undefined || client.snapshot.epoch !== epoch) return;
      this.#failed = { id, code };
      this.#host.retitled(id, before);
      this.#host.changed();
    });
  }

  cancel(): void {
    this.#set(undefined);
  }

  clear(): void {
    this.#id = this.#failed = undefined;
  }

  #set(id: string | undefined): void {
    this.#id = id;
    this.#host.changed();
  }
}
