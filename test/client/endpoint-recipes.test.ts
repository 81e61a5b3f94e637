import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { repositoryFolder } from '../../scripts/build.ts';
import { begin, finish, startModelServer, type ModelServer } from '../../server/test/agents/model-server.ts';
import { secret, sign } from './support/endpoint.ts';
import { code, isIdle } from './support/set-up.ts';
import { createWorld } from './support/world.ts';

// The recipes of docs/other-backends.md as they are printed, behind the widget's own client.

type Route = { readonly POST: (request: Request) => Promise<Response> };

const agent = `export async function* answer(messages, visitor) {
  yield 'You are ';
  yield visitor?.sub ?? 'nobody';
  yield '; you said ' + messages.at(-1).content;
}`;

let folder = '';
let model: ModelServer;

before(async () => {
  model = await startModelServer((response) => {
    const { messages } = model.requests.at(-1)?.body ?? { messages: [] };
    const visitor = /customer is (\w+)/.exec(messages[0]?.content ?? '')?.[1] ?? 'nobody';
    begin(response, 'You are ', visitor, `; you said ${messages.at(-1)?.content}`);
    finish(response);
  });
  Object.assign(process.env, {
    MODEL_URL: model.url,
    MODEL_KEY: 'the key of the host',
    WIDGET_JWT_HMAC_SECRET: secret,
  });
  // Where the recipes find what they import.
  const cache = path.join(repositoryFolder, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(path.join(cache, 'recipes-'));
  const docs = await readFile(path.join(repositoryFolder, 'docs/other-backends.md'), 'utf8');
  const blocks = [...docs.matchAll(/```js\n\/\/ ([\w-]+\.js)[^]*?```/g)];
  assert.equal(blocks.length, 4);
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(path.join(folder, 'agent.js'), agent);
  for (const [block, name = ''] of blocks) {
    await writeFile(path.join(folder, name), block.replace('```js\n', '').replace(/```$/, ''));
  }
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
  await model.close();
});

for (const type of ['ai-sdk', 'openai', 'ag-ui']) {
  test(`the recipe for ${type} answers anybody, knows a verified visitor, and refuses a token that does not hold`, async (t) => {
    const { POST } = (await import(pathToFileURL(path.join(folder, `${type}.js`)).href)) as Route;
    const world = createWorld((request) => POST(request));
    const { client, until, texts } = world.open({
      backend: { endpoint: 'https://shop.example/api/chat', endpointType: type },
    });
    t.after(() => client.close());
    await client.send('hello');
    await until(isIdle);
    assert.deepEqual(texts(), ['hello', 'You are nobody; you said hello']);
    await client.identify(sign('ada'));
    await until(({ history }) => history === 'ready');
    await client.send('and now?');
    await until(({ messages, reply }) => messages.length === 4 && reply === 'idle');
    assert.equal(texts().at(-1), 'You are ada; you said and now?');

    await client.identify(`${sign('ada').slice(0, -4)}AAAA`);
    await assert.rejects(client.send('forged'), code('invalid_token'));
    assert.equal(client.snapshot.identity.state, 'expired');
    for (const { headers } of type === 'ag-ui' ? [] : model.requests) {
      assert.equal(headers.authorization, 'Bearer the key of the host', 'the visitor’s token stays with the host');
    }
  });
}
