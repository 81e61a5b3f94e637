import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, describe, test, type TestContext } from 'node:test';
import type { AttachmentStorage } from '../../src/attachments/index.ts';
import {
  openTestPostgres,
  sessionOwner,
  startOfTime,
  subjectOwner,
  temporaryDirectory,
} from '../storage/test-stores.ts';
import { dayMs, startPrivacy, type Person, type PrivacyHarness } from './privacy-harness.ts';

const postgres = await openTestPostgres();
after(() => postgres.stop());

const nameless =
  ({ agentId }: Pick<Person, 'agentId'>) =>
  (removed: object) =>
    ({ agentId, at: startOfTime, kind: 'contact-removed', detail: { ...removed } }) as const;

function newDirectory(test: TestContext): string {
  const directory = temporaryDirectory();
  test.after(directory.remove);
  return directory.path;
}

async function onSqlite(test: TestContext, options: Parameters<typeof startPrivacy>[3] = {}) {
  const directory = newDirectory(test);
  const dataDirectory = path.join(directory, 'data');
  const harness = await startPrivacy(test, { dataDirectory }, path.join(directory, 'files'), options);
  return { ...harness, dataDirectory };
}

/** All bytes of all files in a folder. */
async function everything(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const contents = files.filter((file) => file.isFile()).map((file) => readFile(path.join(file.parentPath, file.name)));
  return Buffer.concat(await Promise.all(contents)).toString('latin1');
}

async function read(harness: PrivacyHarness, person: Person): Promise<Record<string, unknown>> {
  const pieces = await harness.privacy.exportPerson(person, (conversation, file) => `/files/${conversation}/${file}`);
  assert.ok(pieces !== undefined);
  const texts: string[] = [];
  for await (const piece of pieces) texts.push(piece);
  return JSON.parse(texts.join('')) as Record<string, unknown>;
}

describe('a person who is removed', () => {
  test('leaves no word of theirs in the files of the database, or among the attachments', async (t) => {
    const harness = await onSqlite(t);
    const owner = subjectOwner('subject-canary', 'shop');
    const stays = subjectOwner('subject-stays', 'shop');
    for (const who of [owner, stays]) {
      const { agentId, subject } = who;
      await harness.store.contacts.seen(agentId, subject, { sub: subject, name: `name-of-${subject}` }, startOfTime);
      await harness.store.audit.append({ agentId, at: startOfTime, kind: 'claims-changed', subject });
      for (let at = 0; at < 30; at++) {
        await harness.talk(who, `words${at}of${subject} said`, { file: `content ${at} of ${subject}` });
      }
      await harness.attach(who, `unsent of ${subject}`);
      await harness.store.events.append(who, 'conversation', { conversationId: `seen by ${subject}` }, startOfTime);
    }
    const database = () => everything(harness.dataDirectory);
    assert.match(await database(), /canary/);
    assert.match(await everything(harness.folder), /canary/);
    const removed = await harness.privacy.removePerson(owner, nameless(owner));
    assert.deepEqual(removed, { conversations: 30, attachments: 31, filesPending: false });
    const left = await database();
    assert.doesNotMatch(left, /canary/);
    assert.doesNotMatch(await everything(harness.folder), /canary/);
    assert.match(left, /words7ofsubject-stays/);
    assert.match(await everything(harness.folder), /content 7 of subject-stays/);
    const [entry] = await harness.store.audit.list('shop', 1);
    assert.deepEqual(entry, nameless(owner)({ conversations: 30, attachments: 31 }));
    assert.equal(await harness.privacy.removePerson(owner, nameless(owner)), undefined, 'there is nobody any more');
    const found = await harness.store.inbox.list({ agentIds: ['shop'], query: 'canary' }, { limit: 9 });
    assert.deepEqual(found.rows, []);
  });

  test('is removed to the end by a second try, where the first was cut off', async (t) => {
    const harness = await onSqlite(t);
    const owner = subjectOwner(randomUUID(), 'shop');
    for (let at = 0; at < 3; at++) await harness.talk(owner, `${at}`);
    await harness.attach(owner, 'unsent');
    const [first] = await harness.store.privacy.conversationsOf(owner, { after: '', limit: 1 });
    // As a process that died after its first step has left it.
    assert.equal(await harness.store.conversations.remove(first?.id ?? ''), true);
    assert.deepEqual(await harness.privacy.removePerson(owner, nameless(owner)), {
      conversations: 2,
      attachments: 1,
      filesPending: false,
    });
    assert.equal(await harness.store.privacy.knows(owner), false);
  });

  test('is removed although the place of files does not answer; their content goes when it does', async (t) => {
    let isDown = false;
    const files = new Map<string, Uint8Array>();
    const storage: AttachmentStorage = {
      write: async (id, content) => void files.set(id, await buffer(content)),
      read: async (id) => new Response(new Uint8Array(files.get(id) ?? [])).body ?? undefined,
      remove: async (id) => {
        if (isDown) throw new Error('no answer about subject-canary');
        files.delete(id);
      },
    };
    const harness = await onSqlite(t, { storage });
    const [owner, other] = [subjectOwner('subject-canary', 'shop'), subjectOwner('other', 'shop')];
    await harness.talk(owner, 'Hello', { file: 'content' });
    isDown = true;
    const removed = await harness.privacy.removePerson(owner, nameless(owner));
    assert.deepEqual(removed, { conversations: 1, attachments: 1, filesPending: true });
    assert.equal(files.size, 1);
    assert.doesNotMatch(await everything(harness.dataDirectory), /canary/);
    assert.doesNotMatch(JSON.stringify(harness.logged), /canary/);
    isDown = false;
    await harness.talk(other, 'Hello');
    await harness.privacy.removePerson(other, nameless(other));
    assert.equal(files.size, 0);
  });

  test('has another tenant’s namesake untouched', async (t) => {
    const harness = await onSqlite(t);
    const [here, there] = [subjectOwner('anna', 'shop'), subjectOwner('anna', 'other')];
    for (const owner of [here, there]) {
      await harness.store.contacts.seen(owner.agentId, owner.subject, { sub: 'anna' }, startOfTime);
      await harness.talk(owner, 'Hello', { file: owner.agentId });
    }
    await harness.privacy.removePerson(here, nameless(here));
    const kept = await read(harness, there);
    assert.equal((kept['conversations'] as unknown[]).length, 1);
    assert.equal((kept['attachments'] as { base64: string }[])[0]?.base64, Buffer.from('other').toString('base64'));
  });
});

describe('a conversation of somebody who is not known', () => {
  test('is removed with its files, its words and its session', async (t) => {
    const harness = await onSqlite(t);
    const owner = sessionOwner('session-canary', 'shop');
    const id = await harness.talk(owner, 'words of canary', { file: 'content of canary' });
    const note = () => ({ agentId: 'shop', at: startOfTime, kind: 'conversation-removed', detail: { id } }) as const;
    assert.equal((await harness.privacy.removeConversation(id, note))?.attachments, 1);
    assert.doesNotMatch(await everything(harness.dataDirectory), /canary/);
    assert.doesNotMatch(await everything(harness.folder), /canary/);
    assert.equal(await harness.privacy.removeConversation(id, note), undefined);
  });
});

describe('the export of a person', () => {
  test('has their claims, all conversations with all messages, their files and what the log says of them', async (t) => {
    const harness = await onSqlite(t);
    const owner = subjectOwner('anna', 'shop');
    const { agentId, subject } = owner;
    await harness.store.contacts.seen(agentId, subject, { sub: subject, name: 'Anna' }, startOfTime);
    const ids: string[] = [];
    // More than one page of each.
    for (let at = 0; at < 101; at++)
      ids.push(await harness.talk(owner, `question ${at}`, at === 0 ? { file: 'invoice' } : {}));
    const operator = { id: 'o1', name: 'Grace' };
    for (let at = 0; at < 101; at++) {
      await harness.store.audit.append({
        agentId,
        at: startOfTime + at,
        kind: 'action-run',
        subject,
        reason: 'ok',
        operator,
      });
    }
    await harness.talk(subjectOwner('bert', 'shop'), 'not hers');
    const exported = await read(harness, owner);
    assert.partialDeepStrictEqual(exported, {
      format: 'chat-widget-contact-1',
      exportedAt: new Date(startOfTime).toISOString(),
      agentId,
      subject,
      contact: { claims: { sub: subject, name: 'Anna' }, firstSeenAt: new Date(startOfTime).toISOString() },
    });
    const conversations = exported['conversations'] as { id: string; messages: { role: string; parts: unknown }[] }[];
    assert.deepEqual(conversations.map(({ id }) => id).toSorted(), ids.toSorted());
    const first = conversations.find(({ id }) => id === ids[0]);
    assert.deepEqual(
      first?.messages.map(({ role, parts }) => [role, parts]),
      [
        ['user', [{ type: 'text', text: 'question 0' }]],
        ['assistant', [{ type: 'text', text: 'On question 0', state: 'done' }]],
      ],
    );
    const [file] = exported['attachments'] as { base64: string; link: string; id: string; filename: string }[];
    assert.equal(Buffer.from(file?.base64 ?? '', 'base64').toString(), 'invoice');
    assert.equal(file?.link, `/files/${ids[0]}/${file?.id}`);
    assert.equal((exported['audit'] as unknown[]).length, 101);
    assert.doesNotMatch(JSON.stringify(exported), /Grace|not hers/);
    assert.equal(await harness.privacy.exportPerson({ agentId, subject: 'nobody' }, () => ''), undefined);
  });
});

describe('retention', () => {
  const rules = () => [
    { agentId: 'short', days: 2 },
    { agentId: 'long', days: 30 },
  ];

  async function fill(harness: PrivacyHarness, agentId: string) {
    const now = startOfTime - 10 * dayMs;
    const subject = `old-${agentId}`;
    await harness.store.contacts.seen(agentId, subject, { sub: subject }, now);
    const old = await harness.talk(subjectOwner(subject, agentId), 'old canary', { now, file: 'canary' });
    const closed = await harness.talk(sessionOwner(randomUUID(), agentId), 'closed canary', { now });
    await harness.store.desk.setStatus(closed, 'closed');
    const fresh = await harness.talk(subjectOwner(`fresh-${agentId}`, agentId), 'fresh', { now: startOfTime - dayMs });
    await harness.store.contacts.seen(agentId, `fresh-${agentId}`, { sub: 'x' }, startOfTime - dayMs);
    return { old, closed, fresh };
  }

  test('removes what was quiet for longer than an agent says, open or closed, and says how much', async (t) => {
    const harness = await onSqlite(t, { rules });
    const { store, privacy } = harness;
    const [short, long, never] = [
      await fill(harness, 'short'),
      await fill(harness, 'long'),
      await fill(harness, 'never'),
    ];
    await privacy.retain();
    const isThere = async (id: string) => (await store.conversations.ownerOf(id)) !== undefined;
    assert.deepEqual(
      [await isThere(short.old), await isThere(short.closed), await isThere(short.fresh)],
      [false, false, true],
    );
    for (const { old, closed, fresh } of [long, never]) {
      assert.deepEqual([await isThere(old), await isThere(closed), await isThere(fresh)], [true, true, true]);
    }
    assert.equal(await store.contacts.find('short', 'old-short'), undefined);
    assert.ok(await store.contacts.find('short', 'fresh-short'));
    assert.ok(await store.contacts.find('long', 'old-long'));
    const entries = await store.audit.list('short', 9);
    assert.deepEqual(entries, [
      {
        agentId: 'short',
        at: startOfTime,
        kind: 'retention-run',
        detail: { days: 2, conversations: 2, contacts: 1, attachments: 1 },
      },
    ]);
    await privacy.retain();
    assert.equal((await store.audit.list('short', 9)).length, 1, 'nothing to say');
    const later = await harness.talk(sessionOwner(randomUUID(), 'short'), 'later mongoose', {
      now: startOfTime - 5 * dayMs,
    });
    await privacy.retain();
    assert.equal(await isThere(later), false);
    harness.clock.now += dayMs;
    await privacy.retain();
    assert.doesNotMatch(await everything(harness.dataDirectory), /mongoose/, 'a day later its words are gone, too');
    assert.deepEqual(await store.audit.list('long', 9), []);
  });

  test('of several server processes at once removes each thing once', { skip: postgres.missing }, async (t) => {
    const databaseUrl = await postgres.createDatabase();
    const folder = path.join(newDirectory(t), 'files');
    const soon = () => [{ agentId: 'short', days: 2 }];
    const processes = [];
    for (let at = 0; at < 3; at++) processes.push(await startPrivacy(t, { databaseUrl }, folder, { rules: soon }));
    const [first] = processes;
    assert.ok(first);
    const now = startOfTime - 10 * dayMs;
    for (let at = 0; at < 120; at++) await first.talk(sessionOwner(randomUUID(), 'short'), `${at}`, { now });
    await Promise.all(processes.map(({ privacy }) => privacy.retain()));
    // Whoever came too late has left it to the first; all together have removed each one once.
    await Promise.all(processes.map(({ privacy }) => privacy.retain()));
    const entries = await first.store.audit.list('short', 99);
    assert.deepEqual(
      entries.map(({ kind, detail }) => [kind, detail?.['conversations']]),
      [['retention-run', 120]],
    );
  });

  test(
    'goes on in another process where the one that had begun says nothing more',
    { skip: postgres.missing },
    async (t) => {
      const databaseUrl = await postgres.createDatabase();
      const folder = path.join(newDirectory(t), 'files');
      const harness = await startPrivacy(t, { databaseUrl }, folder, { rules: () => [{ agentId: 'short', days: 2 }] });
      const id = await harness.talk(sessionOwner(randomUUID(), 'short'), 'old', { now: startOfTime - 10 * dayMs });
      await harness.store.privacy.takeLease('retention', 'dead', startOfTime, startOfTime + 300_000);
      await harness.privacy.retain();
      assert.ok(await harness.store.conversations.ownerOf(id));
      harness.clock.now += 300_000;
      await harness.privacy.retain();
      assert.equal(await harness.store.conversations.ownerOf(id), undefined);
    },
  );
});
