// A backend of one's own, whole and without a model or a key: `npm run build`, then `node demo/own-backend/server.mjs`.
// A page with the widget, a route that signs a token for a visitor who has signed in, and one that answers them word by word.
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import jsonwebtoken from 'jsonwebtoken';

const port = Number(process.env.PORT ?? 3100);
const key = randomBytes(32);
const wordsPerSecond = 20;
const maxBodyBytes = 256 * 1024;

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end();
  });
});

async function answer(request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const route = `${request.method} ${pathname}`;
  if (route === 'GET /') return sendFile(response, new URL('index.html', import.meta.url), 'text/html; charset=utf-8');
  if (route === 'POST /api/chat-token') return response.end(signToken());
  if (route === 'POST /api/chat') return chat(request, response);
  const widget = /^GET \/widget\/((?:chunks\/)?[\w-]+\.js)$/.exec(route)?.[1];
  if (widget !== undefined)
    return sendFile(response, new URL(`../../dist/${widget}`, import.meta.url), 'text/javascript');
  response.writeHead(404).end();
}

/** What an app of yours does for whoever its own session says is signed in. Here it is always Ada. */
function signToken() {
  return jsonwebtoken.sign({ sub: 'ada', name: 'Ada' }, key, { algorithm: 'HS256', expiresIn: '10m' });
}

/** The claims of a verified visitor; undefined for one who is not signed in. Throws for a token that does not hold. */
function visitorOf({ headers }) {
  const token = headers.authorization?.replace('Bearer ', '');
  if (token === undefined) return undefined;
  return jsonwebtoken.verify(token, key, { algorithms: ['HS256'] });
}

/** The AI SDK's UI message stream: https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol */
async function chat(request, response) {
  let visitor;
  try {
    visitor = visitorOf(request);
  } catch {
    return response.writeHead(401).end();
  }
  const question = await questionOf(request);
  if (question === undefined) return response.writeHead(400).end();
  const who = visitor === undefined ? 'I do not know you' : `You are **${visitor.name}**, and I have checked that`;
  const id = randomUUID();
  const send = (part) => response.write(`data: ${JSON.stringify(part)}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' });
  send({ type: 'start', messageId: randomUUID() });
  send({ type: 'text-start', id });
  for (const delta of `${who}. You said:\n\n> ${question}`.match(/\s*\S+/g) ?? []) {
    // Stop hangs up.
    if (response.destroyed) return;
    send({ type: 'text-delta', id, delta });
    await sleep(1000 / wordsPerSecond);
  }
  send({ type: 'text-end', id });
  send({ type: 'finish' });
  response.end('data: [DONE]\n\n');
}

/** All of the conversation comes along, from a browser: it is read with care, and only its last message is used. */
async function questionOf(request) {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) if ((body += chunk).length > maxBodyBytes) return undefined;
  try {
    const { parts } = JSON.parse(body).messages.at(-1);
    return parts.map(({ text }) => text ?? '').join(' ');
  } catch {
    return undefined;
  }
}

async function sendFile(response, file, type) {
  const content = await readFile(file).catch(() => undefined);
  if (content === undefined) response.writeHead(404).end('Run `npm run build` first.');
  else response.writeHead(200, { 'content-type': type }).end(content);
}

await once(server.listen(port, '127.0.0.1'), 'listening');
console.log(`A chat with a backend of your own: http://localhost:${server.address().port}`);
