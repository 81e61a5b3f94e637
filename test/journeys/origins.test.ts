import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startShop, type RunningShop } from '../../demo/server/start-shop.ts';
import { useWorld } from './support/world.ts';

describe('a page on an origin that the agent does not know', () => {
  const world = useWorld();
  let stranger: RunningShop;
  before(async () => {
    stranger = await startShop({ port: 0, chatUrl: world.chat.url, secret: 'another shop with a key of its own' });
  });
  after(() => stranger.close());

  it('W13 is refused by the server, and its visitor is told so', async () => {
    const person = await world.person();
    person.expect(/status of 403|CORS policy|net::ERR_FAILED|does not list this page's origin/);
    const { page, chat } = await person.open(`${stranger.url}/script`);
    await chat.open();
    await chat.notices.getByText(/could not reach the chat|not available on this site/).waitFor();
    assert.equal(await chat.notices.getByText('The connection was lost').count(), 0);
    await chat.say('Hello?');
    await chat.own.getByText('Hello?').waitFor();
    await chat.own.getByText('Not sent.').waitFor();
    await chat.button('Edit').click();
    assert.equal(await chat.composer.inputValue(), 'Hello?');
    await page.keyboard.press('Escape');
    await chat.panel.waitFor({ state: 'hidden' });

    // The browser is not the one who decides: nothing was done for that page.
    const refused = await world.fetch('/conversations', { headers: { origin: stranger.url } });
    assert.equal(refused.status, 403);
    assert.equal(((await refused.json()) as { code: string }).code, 'origin_not_allowed');
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
  });
});
