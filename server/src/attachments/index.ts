export { type AttachmentStorage } from './attachment-storage.ts';
export {
  type AttachmentLimits,
  type AttachmentService,
  createAttachmentService,
  StorageFailure,
} from './attachment-service.ts';
export { createDiskStorage } from './disk-storage.ts';
export { isMediaRange, readMediaType } from './media-types.ts';
export { sendFile } from './served-file.ts';
export { createS3Storage } from './s3-storage.ts';
