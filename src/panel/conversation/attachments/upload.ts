import type { Attachment } from '../../../protocol/index.ts';
import type { FailureCode } from '../../../client/index.ts';

/** A file in the tray, and how far it has got. */
export type Upload = {
  /** Of this panel's own, in the order of their choice. */
  readonly key: number;
  readonly file: File;
  readonly state: UploadState;
};

export type UploadState =
  | { readonly at: 'uploading'; /** 0 to 1 */ readonly share: number; readonly stop: AbortController }
  | { readonly at: 'attached'; readonly attachment: Attachment }
  | { readonly at: 'failed'; readonly code: FailureCode };

/** What trying again cannot change. */
export const finalCodes: readonly FailureCode[] = ['too_large', 'unsupported_type', 'no_permission', 'not_found'];

/** What went along with a message, and what it was on the visitor's device. */
export type SentFile = { readonly attachment: Attachment; readonly file: File };
