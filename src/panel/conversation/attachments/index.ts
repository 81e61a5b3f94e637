import { Attachments, type AttachmentsHost } from './attachments.ts';

export type { Attachments };
export type { SentFile } from './upload.ts';

export function createAttachments(host: AttachmentsHost): Attachments {
  return new Attachments(host);
}
