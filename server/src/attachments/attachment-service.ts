import type { AttachmentRow, Owner, Store } from '../storage/index.ts';
import { attachmentIdPattern, type AttachmentStorage } from './attachment-storage.ts';
import { RefusedContent } from './inspect-content.ts';
import type { ServedFile } from './served-file.ts';
import { createSweeper } from './sweeper.ts';
import { createUpload, type Upload, type UploadOutcome } from './upload.ts';

export type AttachmentLimits = {
  readonly maxBytes: number;
  readonly maxPerMessage: number;
  /** Media types, or `image/*` for all of a kind. */
  readonly types: readonly string[];
};

export type AttachmentService = {
  readonly limits: AttachmentLimits;
  /** @throws StorageFailure, and what `confirm` throws. */
  upload(upload: Upload): Promise<UploadOutcome>;
  /** Undefined for another owner's as for one that does not exist. */
  read(owner: Owner, id: string): Promise<ServedFile | undefined>;
  /** Takes back an unsent one. */
  discard(owner: Owner, id: string): Promise<boolean>;
  /** The owner's among these ids. */
  find(owner: Owner, ids: readonly string[]): Promise<readonly AttachmentRow[]>;
  /** One that was sent in this conversation, whosever that is by now. */
  sentIn(conversationId: string, id: string): Promise<ServedFile | undefined>;
  /** One that was sent in this conversation, where it is not larger than that. */
  contentOf(conversationId: string, id: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Removes at once what is to be removed. @throws StorageFailure, and what the store throws; the sweep tries again. */
  clearAway(): Promise<void>;
  /** Stops sweeping. */
  close(): void;
};

/** What the place where files are kept has thrown. */
export class StorageFailure extends Error {
  constructor(cause: unknown) {
    super('The storage of attachments failed.', { cause });
    this.name = 'StorageFailure';
  }
}

type ServiceOptions = {
  readonly store: Pick<Store, 'attachments'>;
  readonly storage: AttachmentStorage;
  readonly limits: AttachmentLimits;
  readonly clock: () => number;
  /** Told where the storage, or the store, fails while nobody asks. */
  readonly onError: (error: unknown) => void;
  readonly sweepEveryMs?: number;
};

export function createAttachmentService(options: ServiceOptions): AttachmentService {
  const { limits, clock, onError, sweepEveryMs: everyMs = 600_000 } = options;
  const { attachments } = options.store;
  const storage = guard(options.storage);
  const sweeper = createSweeper({ attachments, storage, clock, onError, everyMs });

  async function read(owner: Owner, id: string) {
    const [row] = await find(owner, [id]);
    const content = row === undefined ? undefined : await storage.read(id);
    return row === undefined || content === undefined ? undefined : { row, content };
  }

  async function find(owner: Owner, ids: readonly string[]): Promise<readonly AttachmentRow[]> {
    const possible = ids.filter((id) => attachmentIdPattern.test(id));
    return attachments.find(owner, possible);
  }

  async function discard(owner: Owner, id: string): Promise<boolean> {
    if (!attachmentIdPattern.test(id) || !(await attachments.discard(owner, id))) return false;
    await sweeper.remove(id);
    return true;
  }

  async function sentIn(conversationId: string, id: string): Promise<ServedFile | undefined> {
    if (!attachmentIdPattern.test(id)) return undefined;
    const row = await attachments.sentIn(conversationId, id);
    const content = row === undefined ? undefined : await storage.read(id);
    return row === undefined || content === undefined ? undefined : { row, content };
  }

  async function contentOf(conversationId: string, id: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const row = await attachments.sentIn(conversationId, id);
    if (row === undefined || row.bytes > maxBytes) return undefined;
    const content = await storage.read(id);
    return content === undefined ? undefined : new Uint8Array(await new Response(content).arrayBuffer());
  }

  const upload = createUpload({ attachments, storage, limits, clock, remove: sweeper.remove });
  return { limits, upload, read, discard, find, sentIn, contentOf, clearAway: sweeper.sweepAll, close: sweeper.close };
}

/** The same storage, whose own failures are told apart from a file that was refused. */
function guard(storage: AttachmentStorage): AttachmentStorage {
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof RefusedContent ? error : new StorageFailure(error);
    }
  };
  return {
    write: (id, content) => guarded(() => storage.write(id, content)),
    read: (id) => guarded(() => storage.read(id)),
    remove: (id) => guarded(() => storage.remove(id)),
  };
}
