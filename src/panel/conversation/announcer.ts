import type { ChatSnapshot, ViewMessage } from '../../client/index.ts';
import type { Strings } from '../../strings/index.ts';
import { authorOf } from './author.ts';
import { handoffText } from './handoff-view.ts';
import { completeSentences } from './sentences.ts';
import { toolName } from './tool-view.ts';

const maxCharacters = 1_500;
/** So many sentences stay: a screen reader may be some behind. */
const maxSentences = 12;

type Words = {
  readonly strings: Strings;
  readonly name: string;
  readonly whenDrawn: Promise<unknown>;
  /** An answer's text as it is drawn. */
  readonly textOf: (messageId: string) => string;
};

type Aloud = Pick<Words, 'strings' | 'name' | 'textOf'> & { readonly locale: string };

/**
 * Reads out what has become final, once: a finished answer, an answer or a message that failed. Who wants to hears an
 * answer sentence by sentence as it is written.
 */
export class Announcer {
  #region: HTMLElement | undefined;
  #readsSentences = false;
  /** How much of an answer was read out already. */
  #read: { readonly id: string; readonly characters: number } | undefined;
  /** Raised when nothing said before may be heard any more. */
  #turn = 0;

  connect(region: HTMLElement | undefined): void {
    this.#region = region;
  }

  get readsSentences(): boolean {
    return this.#readsSentences;
  }
  set readsSentences(reads: boolean) {
    this.#readsSentences = reads;
    this.#read = undefined;
  }

  clear(): void {
    this.#turn += 1;
    this.#read = undefined;
    if (this.#region !== undefined) this.#region.textContent = '';
  }

  /** Says what a visitor has just brought about. */
  say(text: string): void {
    this.#turn += 1;
    this.#write(text);
  }

  /** To be called when more of a growing answer has been drawn, where the visitor wants its sentences. */
  grow(messageId: string, { strings, name, textOf, locale }: Aloud): void {
    const characters = this.#read?.id === messageId ? this.#read.characters : 0;
    const sentences = completeSentences(textOf(messageId).slice(characters), locale);
    if (sentences === '') return;
    this.#read = { id: messageId, characters: characters + sentences.length };
    const text = sentences.trim();
    if (text !== '') this.#add(characters === 0 ? strings.replied(name, text) : text);
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
      if (turn !== this.#turn) return;
      const { id, characters } = this.#read ?? { id: '', characters: 0 };
      // Of an answer that was read as it grew, what came after its last sentence.
      if (id === message.id && message.status === 'complete') this.#add(words.textOf(id).slice(characters).trim());
      else this.#write(textFor(message, words));
    });
  }

  #write(text: string): void {
    if (text !== '' && this.#region !== undefined) this.#region.textContent = text;
  }

  /** Beside what was said just before, which may not have been heard yet. */
  #add(text: string): void {
    const region = this.#region;
    if (text === '' || region === undefined) return;
    region.setAttribute('aria-atomic', 'false');
    const sentence = document.createElement('p');
    sentence.textContent = text;
    region.append(sentence);
    while (region.childNodes.length > maxSentences) region.firstChild?.remove();
  }
}

function stateOf(message: ViewMessage | undefined): string {
  return message === undefined ? '' : message.role === 'user' ? message.delivery : message.status;
}

function textFor(message: ViewMessage, { strings, name: agentName, textOf }: Words): string {
  if (message.role === 'user') {
    const { delivery, failure } = message;
    return delivery === 'failed'
      ? `${strings.notSent} ${failure === undefined ? '' : strings.failures[failure.code]}`
      : '';
  }
  if (message.status === 'streaming') return '';
  const text = textOf(message.id).slice(0, maxCharacters);
  if (message.status === 'complete') {
    const author = authorOf(message);
    const name = author.kind === 'operator' ? author.name || strings.human : agentName;
    const handoff = message.parts.find(({ type }) => type === 'data-handoff');
    if (text === '' && handoff !== undefined && 'data' in handoff) return handoffText({ strings }, handoff.data);
    const asked = message.parts.find((part) => part.type === 'dynamic-tool' && part.state === 'approval-requested');
    const question = asked?.type === 'dynamic-tool' ? ` ${strings.toolWaiting(toolName(asked))}` : '';
    return text + question === '' ? '' : strings.replied(name, `${text}${question}`);
  }
  return strings[message.status];
}
