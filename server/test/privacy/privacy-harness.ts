import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { createAttachmentService, createDiskStorage, type AttachmentStorage } from '../../src/attachments/index.ts';
import { createConversationService } from '../../src/conversations/index.ts';
import { createPrivacy, type Privacy } from '../../src/privacy/index.ts';
import { openStore, type Owner, type Store, type StoreLocation } from '../../src/storage/index.ts';
import { assistantMessage, startOfTime, submitTurn, userMessage } from '../storage/test-stores.ts';

export const dayMs = 86_400_000;

export type Person = Extract<Owner, { kind: 'subject' }>;

export type PrivacyHarness = {
  readonly store: Store;
  readonly privacy: Privacy;
  readonly clock: { now: number };
  /** Where files are kept. */
  readonly folder: string;
  readonly logged: object[];
  /** A conversation with an answer, and a file of this content. */
  readonly talk: (owner: Owner, text: string, options?: { file?: string; now?: number }) => Promise<string>;
  readonly attach: (owner: Owner, content: string) => Promise<string>;
};

/** What a server process has that removes things, without HTTP around it. */
export async function startPrivacy(
  test: TestContext,
  location: StoreLocation,
  folder: string,
  options: { readonly storage?: AttachmentStorage; readonly rules?: Parameters<typeof createPrivacy>[0]['rules'] } = {},
): Promise<PrivacyHarness> {
  await mkdir(folder, { recursive: true });
  const clock = { now: startOfTime };
  const store = await openStore(location);
  const logged: object[] = [];
  const log = { info: () => {}, warn: (fields: object) => void logged.push(fields), error: () => {} };
  const conversations = createConversationService({ store, processId: randomUUID(), log, clock: () => clock.now });
  const attachments = createAttachmentService({
    store,
    storage: options.storage ?? createDiskStorage(folder),
    limits: { maxBytes: 10_000_000, maxPerMessage: 5, types: ['text/plain'] },
    clock: () => clock.now,
    onError: () => {},
  });
  const privacy = createPrivacy({
    store,
    conversations,
    attachments,
    rules: options.rules ?? (() => []),
    processId: randomUUID(),
    clock: () => clock.now,
    log,
  });
  test.after(async () => {
    await privacy.close();
    attachments.close();
    await conversations.drain(100);
    await store.close();
  });

  const attach = async (owner: Owner, content: string): Promise<string> => {
    const bytes = Buffer.from(content);
    const uploaded = await attachments.upload({
      owner,
      network: 'a',
      filename: `${content}.txt`,
      claimedType: 'text/plain',
      declaredBytes: bytes.byteLength,
      content: Readable.from([bytes]),
      confirm: async () => {},
    });
    return uploaded.ok ? uploaded.attachment.id : assert.fail(uploaded.refusal);
  };

  return {
    store,
    privacy,
    clock,
    folder,
    logged,
    attach,
    async talk(owner, text, { file, now = clock.now } = {}) {
      const conversationId = randomUUID();
      const files = file === undefined ? [] : [await attach(owner, file)];
      const turn = { ...submitTurn({ owner, conversationId, message: userMessage(text), now }), attachments: files };
      await store.conversations.beginTurn(turn);
      await store.replies.finish(turn.replyId, 'complete', assistantMessage(`On ${text}`, turn.replyId), now);
      return conversationId;
    },
  };
}
