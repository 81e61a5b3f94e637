import type { ChatClient, FailureCode } from '../../client/index.ts';
import { en, type Strings } from '../../strings/index.ts';
import { failureCodeOf } from './failure-code.ts';

/** What a visitor does with an answer at the moment. */
export type AnswerState = {
  readonly isCopied: boolean;
  readonly comment: 'none' | 'asked' | 'thanks';
  /** What the visitor has to add, where it was not taken. */
  readonly draft: string;
  readonly failure: FailureCode | undefined;
};

type Rating = 'up' | 'down' | null;

export type AnswersHost = {
  client(): ChatClient | undefined;
  changed(): void;
  /** To those who do not see it. */
  say(pick: (strings: Strings) => string): void;
};

const untouched: AnswerState = { isCopied: false, comment: 'none', draft: '', failure: undefined };

/** Copying and judging answers. What was judged is the client's to know; here is what is on its way. */
export class Answers {
  readonly #host: AnswersHost;
  #states = new Map<string, AnswerState>();

  constructor(host: AnswersHost) {
    this.#host = host;
  }

  of(messageId: string): AnswerState {
    return this.#states.get(messageId) ?? untouched;
  }

  /** @param anchor what was pressed: where there is no Clipboard API, the way round it needs a place */
  async copy(messageId: string, text: string, anchor: Element): Promise<void> {
    const { copyText } = await import('../../markdown/index.ts');
    if (!(await copyText(text, anchor))) return;
    // One at a time says so: the clipboard holds one.
    for (const [id, state] of this.#states) this.#states.set(id, { ...state, isCopied: false });
    this.#set(messageId, { isCopied: true });
    this.#host.say(({ copied }) => copied);
  }

  /** Shown at once, by the client. A bad answer is asked about. */
  rate(messageId: string, rating: Rating): void {
    this.#set(messageId, { comment: rating === 'down' ? 'asked' : rating === 'up' ? 'thanks' : 'none' });
    if (rating === 'up') this.#host.say(({ feedbackThanks }) => feedbackThanks);
    this.#tell(messageId, rating);
  }

  comment(messageId: string, comment: string): void {
    this.#set(messageId, { comment: 'thanks', draft: '' });
    this.#host.say(({ feedbackThanks }) => feedbackThanks);
    if (comment.trim() !== '') this.#tell(messageId, 'down', comment.trim());
  }

  /** The visitor has nothing to add. */
  skip(messageId: string): void {
    this.#set(messageId, { comment: 'none' });
  }

  /** Forgets everything, also of what is still on its way. */
  clear(): void {
    this.#states = new Map();
  }

  #tell(messageId: string, rating: Rating, comment?: string): void {
    const states = this.#states;
    const said = this.#host.client()?.feedback(messageId, rating, ...(comment === undefined ? [] : [comment]));
    said?.catch((error: unknown) => {
      if (states !== this.#states) return;
      const failure = failureCodeOf(error, en);
      // A comment that was not taken is there to be sent again.
      this.#set(messageId, { comment: comment === undefined ? 'none' : 'asked', draft: comment ?? '', failure });
      if (failure !== undefined) this.#host.say(({ failures }) => failures[failure]);
    });
  }

  #set(messageId: string, change: Partial<AnswerState>): void {
    this.#states.set(messageId, { ...this.of(messageId), failure: undefined, ...change });
    this.#host.changed();
  }
}
