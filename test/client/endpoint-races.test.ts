import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
// Fetched once, so that a schedule waits for nothing but its own steps.
import '../../src/client/exchange.ts';
import '../../src/client/endpoint/index.ts';
import '../../src/client/endpoint/open-ai.ts';
import { createWorld } from './support/world.ts';

/** A token that anybody can read; nobody here verifies it. */
const tokenOf = (sub: string): string =>
  `h.${Buffer.from(JSON.stringify({ sub, jti: crypto.randomUUID() })).toString('base64url')}.s`;

type Step =
  | { readonly do: 'send' | 'stop' | 'new' | 'logout' | 'reload' | 'wait' }
  | { readonly do: 'identify'; readonly as: string };

const steps = fc.array(
  fc.oneof(
    fc
      .constantFrom<Step['do'][]>('send', 'send', 'send', 'stop', 'new', 'logout', 'reload', 'wait', 'wait')
      .map((action) => ({ do: action }) as Step),
    fc.constantFrom('ada', 'grace').map((as): Step => ({ do: 'identify', as })),
  ),
  { minLength: 3, maxLength: 16 },
);

/** Words are marked by the person of the moment; one who has not signed in is another one after each logout and switch. */
const wordPattern = /\b(ada|grace|nobody)(\d+)\b/g;

async function run(schedule: readonly Step[], pauses: readonly number[]): Promise<void> {
  const problems: string[] = [];
  let turn = 0;
  const serve = async (request: Request): Promise<Response> => {
    const goneAlready = new Set(gone);
    const body = await request.text();
    for (let left = pauses[turn++ % pauses.length] ?? 0; left > 0; left--) await new Promise(setImmediate);
    const token = request.headers.get('authorization')?.split('.')[1] ?? '';
    const sub =
      token === '' ? 'nobody' : (JSON.parse(Buffer.from(token, 'base64url').toString()) as { sub: string }).sub;
    for (const [word, who] of body.matchAll(wordPattern)) {
      if (who !== sub && who !== 'nobody') problems.push(`${word} went out as ${sub}`);
      if (goneAlready.has(word)) problems.push(`${word} went out after its person had left`);
    }
    const asked = (JSON.parse(body) as { messages: { content: string }[] }).messages.at(-1)?.content ?? '';
    const chunk = { choices: [{ delta: { content: `re ${asked}` }, finish_reason: null }] };
    const frames = [`data: ${JSON.stringify(chunk)}\n\n`, 'data: [DONE]\n\n'];
    return new Response(
      new ReadableStream({
        async pull(controller) {
          await new Promise(setImmediate);
          const frame = frames.shift();
          if (frame === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(frame));
        },
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    );
  };
  const world = createWorld(serve);
  const backend = { endpoint: 'https://shop.example/api/chat', endpointType: 'openai' };
  let tab = world.open({ backend });
  let who: string = 'nobody';
  const typed: string[] = [];
  const gone = new Set<string>();
  const leave = (): void => typed.splice(0).forEach((word) => gone.add(word));
  const look = (when: string): void => {
    const seen = `${tab.texts().join(' ')} ${[...tab.tab.values()].join(' ')}`;
    for (const [word] of seen.matchAll(wordPattern)) if (gone.has(word)) problems.push(`${word} is there ${when}`);
  };
  tab.client.load();
  for (const [at, step] of schedule.entries()) {
    if (step.do === 'send') {
      typed.push(`${who}${at}`);
      tab.client.send(`${who}${at}`).catch(() => undefined);
    } else if (step.do === 'identify') {
      if (who !== 'nobody' && who !== step.as) leave();
      who = step.as;
      tab.client.identify(tokenOf(who)).catch(() => undefined);
    } else if (step.do === 'logout') {
      leave();
      who = 'nobody';
      const out = tab.client.logout();
      look('in the same task');
      await out;
    } else if (step.do === 'reload') {
      world.leave();
      tab.client.close();
      tab = world.open({ backend, tab: tab.tab });
      tab.client.load();
      if (who !== 'nobody') tab.client.identify(tokenOf(who)).catch(() => undefined);
    } else if (step.do === 'stop') tab.client.stop();
    else if (step.do === 'new') tab.client.newConversation();
    else await new Promise(setImmediate);
    look(`after step ${at}, ${step.do}`);
  }
  await world.quiet();
  look('in the end');
  const here = tab.texts().join(' ');
  tab.client.close();
  assert.deepEqual(problems, [], here);
}

test('A8 A9 with an endpoint, in any order of sign-ins, switches, logouts and reloads nobody gets another’s words', async () => {
  // As with the other races: the same each time, unless somebody looks for new ones.
  const asked = process.env['RACES_RUNS'];
  await fc.assert(
    fc.asyncProperty(steps, fc.array(fc.nat(6), { minLength: 1, maxLength: 5 }), run),
    asked === undefined ? { numRuns: 400, seed: 1 } : { numRuns: Number(asked) },
  );
});
