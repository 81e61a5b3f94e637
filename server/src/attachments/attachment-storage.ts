/** Where the content of attachments is kept, under their ids (UUIDs) and nothing else. Shared by all server processes. */
export type AttachmentStorage = {
  /**
   * Stores what comes, as it comes. Where `content` throws, or the storage does, it rejects with that and nothing is left
   * that `read` would find.
   */
  write(id: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Undefined where there is none. */
  read(id: string): Promise<ReadableStream<Uint8Array> | undefined>;
  /** Idempotent; also what is left of a `write` that did not come to its end. */
  remove(id: string): Promise<void>;
};

/** As `crypto.randomUUID` makes them: no id leads anywhere but to its own file. */
export const attachmentIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @throws TypeError for what is no id. */
export function checkAttachmentId(id: string): string {
  if (attachmentIdPattern.test(id)) return id;
  throw new TypeError('The id of an attachment must be a UUID.');
}
