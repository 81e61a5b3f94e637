import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { goBack, leaveFor, noteFirstSights, startBackSite, type BackSite } from './support/back-site.ts';
import { callChat, waitForIdentity } from './support/page-api.ts';
import { everythingOn, type Person, type Tab } from './support/person.ts';
import { useWorld } from './support/world.ts';

const ofAda = /fern-secret|Signed in as/;

describe('the Back button of a browser that keeps pages', () => {
  const world = useWorld({ keepsPages: true, hasModel: true, agent: { allowedOrigins: ['http://localhost:*'] } });
  let site: BackSite;
  before(async () => (site = await startBackSite(world.chat.url)));
  after(() => site.close());

  const token = (): string => world.sign({ sub: 'ada', name: 'Ada' });

  async function openChat(person: Person): Promise<Tab> {
    const tab = await person.open(`${site.url}/chat`);
    await tab.chat.launcher.waitFor();
    await callChat(tab.page, 'identify', token());
    await waitForIdentity(tab.page, 'verified');
    return tab;
  }

  /** Signed in, with a secret on the screen and an answer that has begun. */
  async function visit() {
    const person = await world.person();
    await noteFirstSights(person);
    const tab = await openChat(person);
    await tab.chat.openNew();
    await tab.chat.say('Does my fern-secret need shade?');
    const answer = await world.model.next();
    answer.say('Yes, it ');
    await tab.chat.replies.getByText('Yes, it').waitFor();
    return { ...tab, person, answer };
  }

  it('W7 a page that Back brings up as it was goes on where it was, signed in, with the answer that came meanwhile', async () => {
    const tab = await visit();
    const { page, chat, answer } = tab;
    await leaveFor(tab, `${site.url}/elsewhere`);
    answer.say('does.');
    answer.finish();
    const { isKept } = await goBack(tab, `${site.url}/chat`);
    assert.equal(isKept, true, 'the widget keeps no page from being kept');
    await waitForIdentity(page, 'verified');
    await chat.replies.getByText('Yes, it does.').waitFor();
    await chat.say('And water?');
    const next = await world.model.next();
    next.say('Once a week.');
    next.finish();
    await chat.replies.getByText('Once a week.').waitFor();
    assert.equal(await chat.own.count(), 2);
  });

  for (const [where, logOut] of [
    ['in another tab', async ({ person }: { person: Person }) => openChat(person)],
    ['on the next page', async (tab: Tab) => tab],
  ] as const) {
    for (const isTold of [true, false]) {
      const what = isTold ? '' : ', also where kept pages are told nothing';
      it(`A9 Back after a logout ${where} shows nothing of the old user, in its first frame and later${what}`, async () => {
        const tab = await visit();
        const { page, person, answer } = tab;
        if (!isTold) await deafen(person, tab);
        await leaveFor(tab, `${site.url}/chat?next`);
        await waitForIdentity(page, 'anonymous');
        const leaving = await logOut(tab);
        await callChat(leaving.page, 'identify', token());
        assert.deepEqual(await callChat(leaving.page, 'logout'), { value: null });
        await page.bringToFront();
        const { isKept, texts } = await goBack(tab, `${site.url}/chat`);
        assert.equal(isKept, !isTold, 'a kept page that is told of the logout is thrown away');
        for (const text of texts) assert.doesNotMatch(text, ofAda);
        await waitForIdentity(page, 'anonymous');
        assert.doesNotMatch(await everythingOn(page), ofAda);
        answer.cut();
      });
    }
  }

  /** Some browsers pass no message to a page that they keep. Chromium throws it away instead. */
  async function deafen({ context }: Person, { page }: Tab): Promise<void> {
    const silence = () => {
      BroadcastChannel.prototype.postMessage = () => undefined;
    };
    await context.addInitScript(silence);
    await page.evaluate(silence);
  }
});
