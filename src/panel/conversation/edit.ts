import type { ChatClient, ChatSnapshot, FailureCode } from '../../client/index.ts';
import { en, type Strings } from '../../strings/index.ts';
import type { Draft } from '../draft.ts';
import { failureCodeOf } from './failure-code.ts';

export type EditHost = {
  readonly draft: Pick<Draft, 'take' | 'putBack'>;
  client(): ChatClient | undefined;
  focusComposer(): void;
  changed(): void;
  failed(code: FailureCode | undefined): void;
  say(pick: (strings: Strings) => string): void;
};

/** The visitor writes their last message anew. What they were writing waits, and comes back when that is over. */
export class Edit {
  readonly #host: EditHost;
  #messageId: string | undefined;
  #waiting = '';

  constructor(host: EditHost) {
    this.#host = host;
  }

  get messageId(): string | undefined {
    return this.#messageId;
  }

  begin(messageId: string, text: string): void {
    const { draft } = this.#host;
    const written = draft.take();
    if (this.#messageId === undefined) this.#waiting = written;
    draft.putBack(text);
    this.#messageId = messageId;
    this.#host.changed();
    this.#host.say(({ editing }) => editing);
    this.#host.focusComposer();
  }

  cancel(): void {
    this.#host.draft.take();
    this.#end();
    this.#host.focusComposer();
  }

  /** Undefined where no message is being changed. Settles when it is known what became of the text. */
  send(text: string): Promise<void> | undefined {
    const id = this.#messageId;
    const client = this.#host.client();
    if (id === undefined || client === undefined) return undefined;
    this.#messageId = undefined;
    const { epoch } = client.snapshot;
    const sent = client.editLast(id, text);
    // In the same task, so that nobody sees it between.
    this.#end();
    return sent.catch((error: unknown) => {
      if (client.snapshot.epoch !== epoch) return;
      const isKept = client.snapshot.messages.some(
        ({ delivery, metadata }) => delivery !== 'sent' && metadata?.editedFrom === id,
      );
      if (isKept) return;
      this.#host.failed(failureCodeOf(error, en));
      if (lastOwn(client.snapshot)?.id === id) this.begin(id, text);
      else this.#host.draft.putBack(text);
    });
  }

  /** Another message has become the last: what is being written is a new one. */
  follow(snapshot: ChatSnapshot): void {
    if (this.#messageId === undefined || lastOwn(snapshot)?.id === this.#messageId) return;
    this.#messageId = undefined;
    this.#waiting = '';
  }

  /** Forgets what is of another visitor. */
  clear(): void {
    this.#messageId = undefined;
    this.#waiting = '';
  }

  #end(): void {
    this.#messageId = undefined;
    if (this.#waiting !== '') this.#host.draft.putBack(this.#waiting);
    this.#waiting = '';
    this.#host.changed();
  }
}

/** The visitor's last message that can be changed: stored, answered, nothing but text, and the agent's to answer. */
export function editable(snapshot: ChatSnapshot): ChatSnapshot['messages'][number] | undefined {
  const { agent, handoff, reply } = snapshot;
  const isPersons = handoff?.state === 'requested' || handoff?.state === 'active';
  const last = lastOwn(snapshot);
  if (agent?.features['edit'] !== true || reply !== 'idle' || isPersons) return undefined;
  if (last?.delivery !== 'sent' || last.parts.some(({ type }) => type !== 'text')) return undefined;
  return isReadByPerson(snapshot, last.id) ? undefined : last;
}

/** What a person may have read stays as it is, also once they are gone. */
function isReadByPerson({ messages }: ChatSnapshot, id: string): boolean {
  const since = messages.slice(messages.findIndex((message) => message.id === id) + 1);
  return since.some(
    ({ metadata, parts }) => metadata?.author !== undefined || parts.some(({ type }) => type === 'data-handoff'),
  );
}

function lastOwn({ messages }: ChatSnapshot): ChatSnapshot['messages'][number] | undefined {
  return messages.findLast(({ role }) => role === 'user');
}
