import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { AttachmentStorage } from '../../src/attachments/index.ts';

export type OpenedStorage = {
  readonly storage: AttachmentStorage;
  /** The same place, as another server process sees it. */
  readonly elsewhere: AttachmentStorage;
  /** Names of all that is kept, also of what has not arrived in full. */
  names(): Promise<readonly string[]>;
};

const mebibyte = 1024 * 1024;

/** What every place for attachments does. */
export function describeStorage(title: string, open: () => Promise<OpenedStorage>): void {
  async function* pieces(bytes: Uint8Array, failAfterBytes = Infinity): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.byteLength; at += 60_000) {
      if (at >= failAfterBytes) throw new Error('cut off');
      yield bytes.subarray(at, at + 60_000);
    }
  }

  const bytesOf = async (storage: AttachmentStorage, id: string): Promise<Buffer | undefined> => {
    const content = await storage.read(id);
    return content === undefined ? undefined : Buffer.from(await new Response(content).arrayBuffer());
  };

  for (const size of [1, 5 * mebibyte - 1, 5 * mebibyte, 5 * mebibyte + 1, 12 * mebibyte]) {
    test(`${title}: a file of ${size} bytes comes back as it was, in every process`, async () => {
      const { storage, elsewhere } = await open();
      const [id, bytes] = [randomUUID(), randomBytes(size)];
      await storage.write(id, pieces(bytes));
      assert.ok((await bytesOf(elsewhere, id))?.equals(bytes));
      await elsewhere.remove(id);
      assert.equal(await bytesOf(storage, id), undefined);
      await storage.remove(id);
    });
  }

  for (const failAfterBytes of [0, mebibyte, 11 * mebibyte]) {
    test(`${title}: of a file that is cut after ${failAfterBytes} bytes nothing stays behind`, async () => {
      const { storage, names } = await open();
      const before = await names();
      const id = randomUUID();
      await assert.rejects(storage.write(id, pieces(randomBytes(12 * mebibyte), failAfterBytes)), /cut off/);
      assert.equal(await bytesOf(storage, id), undefined);
      assert.deepEqual(await names(), before);
    });
  }

  test(`${title}: what is no id leads nowhere`, async () => {
    const { storage } = await open();
    for (const id of ['../../etc/passwd', '', 'a', `${randomUUID()}/..`, randomUUID().toUpperCase()]) {
      await assert.rejects(storage.read(id), TypeError);
      await assert.rejects(storage.write(id, pieces(Buffer.from('x'))), TypeError);
      await assert.rejects(storage.remove(id), TypeError);
    }
  });
}
