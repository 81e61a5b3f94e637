import type { ChatMessage, SendMetadata, StreamPart } from '../../protocol/index.ts';

/** What is asked for: an answer to the last of these messages. */
export type Turn = {
  /** The conversation's. */
  readonly id: string;
  /** All of the conversation, oldest first. */
  readonly messages: readonly ChatMessage[];
  readonly trigger: 'submit-message' | 'regenerate-message';
  /** The answer to replace, or to go on with. */
  readonly messageId?: string | undefined;
  readonly metadata: SendMetadata;
  readonly model: string;
  /** Makes ids. */
  readonly uuid: () => string;
};

/**
 * One `data:` of an answer's stream, or a whole answer that came as JSON, in parts of our own stream. A `finish` or an
 * `error` among them says that nothing is missing. Throws for what is no JSON.
 */
export type Reader = (data: string) => readonly StreamPart[];

/** What a backend speaks. */
export type Adapter = {
  /** The body of the request. */
  toBody(turn: Turn): object;
  /** For one answer. */
  createReader(turn: Turn): Reader;
};
