import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { OtherBackend } from '../../server/test/other-backends/serve.ts';
import { secret, sign, starters } from '../client/support/endpoint.ts';
import { startEndpointSite, type EndpointSite } from './support/endpoint-site.ts';
import { eventually } from './support/eventually.ts';
import { callChat, waitForIdentity } from './support/page-api.ts';
import { everythingOn, type Person, type Tab } from './support/person.ts';
import { useWorld } from './support/world.ts';

const types: readonly OtherBackend['type'][] = ['ai-sdk', 'openai', 'ag-ui'];

describe('a page with a backend of its own', () => {
  const world = useWorld();

  for (const type of types) {
    describe(`that speaks ${type}`, () => {
      let backend: OtherBackend;
      let site: EndpointSite;
      before(async () => {
        backend = await starters[type](secret);
        site = await startEndpointSite(world.chat.url, { endpoint: backend.url, endpointType: type });
      });
      after(async () => {
        site.close();
        await backend.close();
      });

      async function visit(): Promise<Tab & { readonly person: Person }> {
        const person = await world.person();
        return { ...(await person.open(site.url)), person };
      }

      /** Asks, and has the host's model answer in two pieces. */
      async function ask({ chat }: Tab, question: string, first: string, second: string): Promise<string | undefined> {
        const before = await chat.replies.count();
        await chat.say(question);
        const pen = await backend.next();
        pen.say(first);
        await chat.replies.nth(before).getByText(first).waitFor();
        pen.say(second);
        pen.finish();
        await chat.answered(before + 1);
        assert.equal(await chat.replies.nth(before).locator('[part~=text]').innerText(), first + second);
        return pen.subject;
      }

      const bearer = () => backend.requests.at(-1)?.headers.authorization;
      const words = () => JSON.stringify(backend.requests.at(-1)?.body);

      it('H1 A8 A9 A10 is asked by anonymous and signed-in visitors, and what they said stays with them', async () => {
        const tab = await visit();
        const { page, chat, person } = tab;
        await chat.open();
        await chat.greeting.getByText('Ask our own model.').waitFor();
        await ask(tab, 'Do you ship abroad?', 'We ship ', 'to all of Europe.');
        assert.equal(bearer(), undefined);

        // A reload of the tab keeps an anonymous visitor's conversation.
        await page.reload();
        await chat.open();
        await chat.own.getByText('Do you ship abroad?').waitFor();
        await chat.replies.getByText('We ship to all of Europe.').waitFor();

        // Signing in goes on with it, and each message has the token, which the host verifies.
        const adas = sign('ada');
        await callChat(page, 'identify', adas);
        await waitForIdentity(page, 'forwarded');
        assert.equal(await ask(tab, 'And my secret order?', 'It left ', 'this morning.'), 'ada');
        assert.equal(bearer(), `Bearer ${adas}`);
        assert.match(words(), /Do you ship abroad/);
        const [, second] = person.requests('/api/chat').filter(({ method }) => method === 'POST');
        assert.deepEqual(
          Object.keys(second?.headers ?? {}).filter((name) => name.startsWith('x-')),
          [],
        );

        // Somebody else finds nothing, and sends nothing of it.
        await callChat(page, 'identify', sign('grace'));
        await waitForIdentity(page, 'forwarded');
        assert.doesNotMatch(await everythingOn(page), /secret order|this morning|ship abroad/);
        assert.equal(await ask(tab, 'Hello from Grace', 'Hello ', 'Grace.'), 'grace');
        assert.doesNotMatch(words(), /secret order|this morning|ship abroad/);

        const before = backend.requests.length;
        assert.deepEqual(await callChat(page, 'logout'), { value: null });
        await waitForIdentity(page, 'anonymous');
        assert.doesNotMatch(await everythingOn(page), /Grace/);
        await page.reload();
        await chat.open();
        await chat.greeting.waitFor();
        assert.doesNotMatch(await everythingOn(page), /Grace/);
        assert.equal(backend.requests.length, before, 'a logout asks nothing of the host');
        const others = person.requests(world.chat.url).filter(({ path }) => !path.startsWith('/widget/'));
        assert.deepEqual(others, [], 'our server gives its files and hears nothing else');
      });

      it('Wo18 is asked again with a fresh token; an answer is stopped, and one that fails says so', async () => {
        const tab = await visit();
        const { page, chat, person } = tab;
        person.expect(/status of 401/);
        const tokens = [sign('ada'), sign('ada')];
        await page.evaluate(
          (given) => {
            const { chat: api } = globalThis as unknown as { chat: { identify(source: unknown): Promise<unknown> } };
            void api.identify(async () => given.shift());
          },
          [...tokens],
        );
        await waitForIdentity(page, 'forwarded');
        backend.refuse(401);
        await chat.open();
        assert.equal(await ask(tab, 'Where is it?', 'On ', 'its way.'), 'ada');
        assert.equal(bearer(), `Bearer ${tokens[1]}`);
        assert.equal(await chat.own.count(), 1);

        await chat.say('Tell me everything');
        const long = await backend.next();
        long.say('It all began');
        await chat.replies.getByText('It all began').waitFor();
        await chat.button('Stop answering').click();
        await long.hungUp;
        await chat.replies.getByText('You stopped this answer.').waitFor();
        await chat.replies.getByText('It all began').waitFor();

        await chat.say('And now?');
        const failing = await backend.next();
        failing.say('Well');
        await chat.replies.getByText('Well').waitFor();
        failing.fail();
        await chat.replies.getByText('This answer could not be finished.').waitFor();
        assert.doesNotMatch(await everythingOn(page), /sk-123|quota/);
        await chat.button('Try again').last().click();
        const again = await backend.next();
        again.say('Better now.');
        again.finish();
        await chat.replies.getByText('Better now.').waitFor();
        await eventually(async () => assert.equal(await chat.replies.count(), 3));
      });
    });
  }
});
