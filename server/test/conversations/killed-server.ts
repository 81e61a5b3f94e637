import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createConversationService } from '../../src/conversations/index.ts';
import { openStore, type StoreLocation } from '../../src/storage/index.ts';
import { subjectOwner } from '../storage/test-stores.ts';
import { speakingAgent } from './scripted-agents.ts';
import { collect, never, regenerate, sent, textIn } from './service-world.ts';

type Killed = { readonly conversationId: string; readonly messageId: string };

/** Lets a real server process begin a reply and kills it with SIGKILL in the middle of it. */
export async function killServerInReply(location: StoreLocation): Promise<Killed> {
  const server = spawn(
    process.execPath,
    [fileURLToPath(import.meta.resolve('./running-server.ts')), JSON.stringify(location)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const exited = new Promise((resolve) => server.once('exit', resolve));
  const said = await new Promise<string>((resolve, reject) => {
    server.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    server.once('exit', () => reject(new Error('the server ended by itself')));
  });
  server.kill('SIGKILL');
  await exited;
  return JSON.parse(said) as Killed;
}

/** A new server finds all that was said, the reply marked interrupted, and gives a whole one when asked again. */
export async function assertRecovers(location: StoreLocation, killed: Killed, clock: () => number): Promise<void> {
  const store = await openStore(location);
  const log = { error: console.error, warn: () => {}, info: () => {} };
  const service = createConversationService({ store, processId: randomUUID(), log, clock });
  const owner = subjectOwner('anna');
  const history = await service.messages(owner, killed.conversationId, { limit: 10 });
  const messages = history === 'conversation_not_found' ? assert.fail(history) : history.messages;
  assert.deepEqual(
    messages.map(({ parts, metadata }) => [parts[0]?.type === 'text' && parts[0].text, metadata?.status]),
    [
      ['Where is my order?', undefined],
      ['Half of', 'interrupted'],
    ],
  );
  assert.equal(await service.running(owner, killed.conversationId), undefined);
  const again = regenerate({ ...killed, owner, agent: speakingAgent('Whole.') });
  assert.equal(textIn(await collect((await sent(service, again)).frames(0, never))), 'Whole.');
  await service.drain(0);
  await store.close();
}
