// A server process for tests: opens the store in the directory given, begins a turn, says in which conversation, and holds on
// until it is killed or its parent goes away.
import { randomUUID } from 'node:crypto';
import { openStore } from '../../src/storage/index.ts';
import { subjectOwner, submitTurn } from './test-stores.ts';

const store = await openStore({ dataDirectory: process.argv[2] ?? '' });
const conversationId = randomUUID();
await store.conversations.beginTurn(submitTurn({ owner: subjectOwner(), conversationId }));
process.stdout.write(`${conversationId}\n`);
process.stdin.on('end', () => process.exit()).resume();
