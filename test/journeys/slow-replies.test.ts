import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitForIdentity } from './support/page-api.ts';
import { everythingOn } from './support/person.ts';
import { signInByDialog } from './support/sign-in.ts';
import { ada, grace, useWorld } from './support/world.ts';

describe('an answer that takes its time', () => {
  const world = useWorld({ hasModel: true });

  it('W7 is never shown to the next user of the app, and is there again for the one who asked', async () => {
    const tab = await world.visit('/app');
    const { page, chat } = tab;
    await page.locator('#sign-in').click();
    await signInByDialog(tab, ada);
    await waitForIdentity(page, 'verified');
    await chat.open();
    await chat.say('Tell me a secret of mine.');
    const answer = await world.model.next();
    answer.say('Your secret begins ');
    await chat.replies.getByText('Your secret begins').waitFor();

    await page.locator('#switch-user').click();
    await signInByDialog(tab, grace);
    await chat.identity.getByText('Signed in as Grace Okafor').waitFor();
    answer.say('and goes on for Ada alone.');
    answer.finish();
    // Another whole exchange: whatever of the old answer was still on its way has arrived before it.
    await chat.say('Anything for me?');
    const other = await world.model.next();
    other.say('Only good news.');
    other.finish();
    await chat.answered(1);
    assert.equal(await chat.replies.locator('[part~=text]').innerText(), 'Only good news.');
    assert.doesNotMatch(await everythingOn(page), /secret/);

    await page.locator('#switch-user').click();
    await signInByDialog(tab, ada);
    await chat.replies.getByText('Your secret begins and goes on for Ada alone.').waitFor();
    await chat.answered(1);
  });

  it('goes on where it was after a reload in the middle of it', async () => {
    const { page, chat } = await world.visit('/script');
    await chat.open();
    await chat.say('Tell me a long story.');
    const answer = await world.model.next();
    answer.say('Once upon a time ');
    await chat.replies.getByText('Once upon a time').waitFor();
    await page.reload();
    await chat.open();
    await chat.replies.getByText('Once upon a time').waitFor();
    answer.say('there was a fern.');
    answer.finish();
    await chat.answered(1);
    assert.equal(await chat.replies.locator('[part~=text]').innerText(), 'Once upon a time there was a fern.');
    assert.equal(await chat.own.count(), 1);
  });

  it('is stopped by the visitor, keeps what it said, and can be asked for again', async () => {
    const { chat } = await world.visit('/script');
    await chat.open();
    await chat.say('Count to a million.');
    const answer = await world.model.next();
    answer.say('One, two, ');
    await chat.replies.getByText('One, two,').waitFor();
    await chat.button('Stop answering').click();
    await chat.replies.getByText('You stopped this answer.').waitFor();
    await chat.replies.getByText('One, two,').waitFor();
    await chat.button('Try again').click();
    const again = await world.model.next();
    again.say('A million.');
    again.finish();
    await chat.answered(1);
    assert.equal(await chat.replies.locator('[part~=text]').innerText(), 'A million.');
  });

  it('is read in two tabs at once by the one who asked', async () => {
    const { chat, person } = await world.visit('/script');
    await chat.open();
    await chat.say('What is new?');
    const first = await world.model.next();
    first.say('Nothing yet.');
    first.finish();
    await chat.answered(1);

    const other = await person.open(`${world.shop.url}/script`);
    await other.chat.open();
    await other.chat.replies.getByText('Nothing yet.').waitFor();
    await other.chat.say('And now?');
    const second = await world.model.next();
    second.say('Now there is.');
    second.finish();
    await other.chat.answered(2);
    await chat.own.getByText('And now?').waitFor();
    await chat.replies.getByText('Now there is.').waitFor();
    assert.equal(await chat.replies.count(), 2);
  });

  it('what is typed meanwhile waits, and leaves in its order', async () => {
    const { chat, person } = await world.visit('/script');
    await chat.open();
    await chat.say('First question');
    const first = await world.model.next();
    first.say('First answer');
    await chat.replies.getByText('First answer').waitFor();
    await chat.say('Second question');
    await chat.say('Third question');
    assert.equal(person.requests('/demo/chat').filter(({ method }) => method === 'POST').length, 1);
    first.finish();
    for (const word of ['Second', 'Third']) {
      const next = await world.model.next();
      assert.match(next.question, new RegExp(`${word} question`));
      next.say(`${word} answer`);
      next.finish();
    }
    await chat.answered(3);
    const shown = await chat.panel.locator('[data-message]').allInnerTexts();
    assert.deepEqual(
      // Under each message stands its time.
      shown.map((text) => text.split('\n')[0]),
      ['First question', 'First answer', 'Second question', 'Second answer', 'Third question', 'Third answer'],
    );
  });
});
