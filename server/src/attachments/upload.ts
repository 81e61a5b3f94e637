import { randomUUID } from 'node:crypto';
import type { AttachmentRow, AttachmentStore, Owner } from '../storage/index.ts';
import type { AttachmentLimits } from './attachment-service.ts';
import type { AttachmentStorage } from './attachment-storage.ts';
import { cleanFilename } from './filename.ts';
import { inspectContent, type Inspection, RefusedContent, type UploadRefusal } from './inspect-content.ts';

export type Upload = {
  readonly owner: Owner;
  /** Where it comes from, so that nobody holds all places. */
  readonly network: string;
  /** As the visitor sent it. */
  readonly filename: string;
  readonly claimedType: string;
  readonly declaredBytes: number | undefined;
  readonly content: AsyncIterable<Uint8Array>;
  /** Called when all has arrived, before it counts; what it throws is thrown, and nothing is kept. */
  readonly confirm: () => Promise<void>;
};

export type UploadOutcome =
  | { readonly ok: true; readonly attachment: Pick<AttachmentRow, 'id' | 'filename' | 'mediaType' | 'bytes'> }
  /** `too_many`: the visitor has too much that is unsent, or too much arrives from their network. `busy`: this process takes in as many files as it can. */
  | { readonly ok: false; readonly refusal: UploadRefusal | 'too_many' | 'busy' };

type UploadOptions = {
  readonly attachments: AttachmentStore;
  readonly storage: AttachmentStorage;
  readonly limits: AttachmentLimits;
  readonly clock: () => number;
  /** Clears away what was given up. Never rejects. */
  readonly remove: (id: string) => Promise<void>;
};

/** One upload to S3 holds two parts of 5 MiB. */
const maxUploadsAtOnce = 32;
const maxFromNetworkAtOnce = 8;

/** Takes in files: counted against the visitor's quota before they arrive, and theirs once they have arrived in full. */
export function createUpload(options: UploadOptions): (upload: Upload) => Promise<UploadOutcome> {
  const { attachments, limits, clock } = options;
  const quota = { maxCount: 4 * limits.maxPerMessage, maxBytes: 2 * limits.maxPerMessage * limits.maxBytes };
  /** The networks that uploads run from, one entry each. */
  const running: string[] = [];

  async function upload(request: Upload): Promise<UploadOutcome> {
    const { owner, declaredBytes, claimedType } = request;
    const bytes = declaredBytes ?? limits.maxBytes;
    if (bytes > limits.maxBytes) return { ok: false, refusal: 'too_large' };
    const id = randomUUID();
    if (!(await attachments.reserve({ id, owner, bytes, now: clock() }, quota))) {
      return { ok: false, refusal: 'too_many' };
    }
    return take(options, id, request, inspectContent(request.content, { ...limits, claimedType }));
  }

  return async (request) => {
    const { network } = request;
    if (running.length >= maxUploadsAtOnce) return { ok: false, refusal: 'busy' };
    if (running.filter((other) => other === network).length >= maxFromNetworkAtOnce) {
      return { ok: false, refusal: 'too_many' };
    }
    running.push(network);
    try {
      return await upload(request);
    } finally {
      running.splice(running.indexOf(network), 1);
    }
  };
}

async function take(
  { attachments, storage, remove }: UploadOptions,
  id: string,
  request: Upload,
  inspection: Inspection,
): Promise<UploadOutcome> {
  try {
    await storage.write(id, inspection.content);
    await request.confirm();
    const attachment = { filename: cleanFilename(request.filename), ...inspection.found() };
    if (!(await attachments.complete(id, attachment))) throw new RefusedContent('cut');
    return { ok: true, attachment: { id, ...attachment } };
  } catch (error) {
    await remove(id);
    if (error instanceof RefusedContent) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
