import type { ChatSnapshot, ViewMessage } from '../../client/index.ts';
import { toolName } from './tool-view.ts';
import type { Strings } from '../../strings/index.ts';

const maxCharacters = 1_500;

type Words = {
  readonly strings: Strings;
  readonly name: string;
  readonly whenDrawn: Promise<unknown>;
  /** An answer's text as it is drawn. */
  readonly textOf: (messageId: string) => string;
};

/** Reads out what has become final, once: a finished answer, an answer or a message that failed. */
export class Announcer {
  #region: HTMLElement | undefined;
  /** Raised when nothing said before may be heard any more. */
  #turn = 0;

  connect(region: HTMLElement | undefined): void {
    this.#region = region;
  }

  clear(): void {
    this.#turn += 1;
    if (this.#region !== undefined) this.#region.textContent = '';
  }

  compare(previous: ChatSnapshot | undefined, next: ChatSnapshot, words: Words): void {
    const isSame = previous?.epoch === next.epoch && previous.conversationId === next.conversationId;
    if (!isSame || previous.history !== 'ready') return;
    const message = next.messages.at(-1);
    if (message === undefined) return;
    const before = previous.messages.find(({ id }) => id === message.id);
    if (stateOf(before) === stateOf(message)) return;
    const turn = (this.#turn += 1);
    void words.whenDrawn.then(() => {
      const text = textFor(message, words);
      if (turn === this.#turn && text !== '' && this.#region !== undefined) this.#region.textContent = text;
    });
  }
}

function stateOf(message: ViewMessage | undefined): string {
  return message === undefined ? '' : message.role === 'user' ? message.delivery : message.status;
}

function textFor(message: ViewMessage, { strings, name, textOf }: Words): string {
  if (message.role === 'user') {
    const { delivery, failure } = message;
    return delivery === 'failed'
      ? `${strings.notSent} ${failure === undefined ? '' : strings.failures[failure.code]}`
      : '';
  }
  if (message.status === 'streaming') return '';
  const text = textOf(message.id).slice(0, maxCharacters);
  if (message.status === 'complete') {
    const asked = message.parts.find((part) => part.type === 'dynamic-tool' && part.state === 'approval-requested');
    const question = asked?.type === 'dynamic-tool' ? ` ${strings.toolWaiting(toolName(asked))}` : '';
    return text + question === '' ? '' : strings.replied(name, `${text}${question}`);
  }
  return strings[message.status];
}
