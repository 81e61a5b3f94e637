// A server process for tests: opens the store whose location is given as JSON, lets an agent that never ends answer one
// message, and says which once the first words are stored. Then it waits to be killed.
import { randomUUID } from 'node:crypto';
import { createConversationService } from '../../src/conversations/index.ts';
import { openStore, type StoreLocation } from '../../src/storage/index.ts';
import { directedAgent } from './scripted-agents.ts';
import { sent, submit } from './service-world.ts';
import { eventually, subjectOwner } from '../storage/test-stores.ts';

const store = await openStore(JSON.parse(process.argv[2] ?? '') as StoreLocation);
const log = { error: console.error, warn: console.error, info: console.error };
const service = createConversationService({ store, processId: randomUUID(), log });
const agent = directedAgent();
agent.say('Half of');
const input = submit({ agent, owner: subjectOwner('anna') });
const { messageId } = await sent(service, input);
await eventually(async () => (await store.replies.parts(messageId, 0)).length === 3);
process.stdout.write(`${JSON.stringify({ conversationId: input.conversationId, messageId })}\n`);
process.stdin.on('end', () => process.exit()).resume();
