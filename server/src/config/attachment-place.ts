import { join, resolve } from 'node:path';
import { type AttachmentStorage, createDiskStorage, createS3Storage } from '../attachments/index.ts';
import type { StoreLocation } from '../storage/index.ts';
import type { AttachmentSettings } from './config-schema.ts';
import { ConfigError, type StorageCredentials } from './environment.ts';

type Surroundings = {
  /** Folder that relative paths start from. */
  readonly baseDirectory: string;
  readonly location: StoreLocation;
  readonly credentials: StorageCredentials | undefined;
};

/** Where the configuration says that attachments are kept. @throws ConfigError */
export function createAttachmentStorage(
  { storage }: Pick<AttachmentSettings, 'storage'>,
  { baseDirectory, location, credentials }: Surroundings,
): AttachmentStorage {
  if (storage.kind === 's3') {
    if (credentials !== undefined) return createS3Storage(storage, credentials);
    throw new ConfigError(
      'attachments.storage: the keys of the S3 storage are not set (CHAT_S3_ACCESS_KEY_ID and CHAT_S3_SECRET_ACCESS_KEY)',
    );
  }
  if (storage.directory !== undefined) return createDiskStorage(resolve(baseDirectory, storage.directory));
  if ('dataDirectory' in location) return createDiskStorage(join(location.dataDirectory, 'attachments'));
  throw new ConfigError(
    'attachments.storage.directory: must name a folder that all servers on this database share, or the kind must be "s3"',
  );
}
