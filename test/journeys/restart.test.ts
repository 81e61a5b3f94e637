import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from './support/eventually.ts';
import { readStoredBytes } from './support/stored-bytes.ts';
import { useWorld } from './support/world.ts';

/** What the browser's console says of a server that closes, has closed, or comes up. */
const goingAway = /net::ERR_|status of 503|CORS policy/;

describe('a chat server that goes away in the middle of a conversation', () => {
  const world = useWorld({ hasModel: true });

  it('killed while it answers: the message is there, the answer is marked, and is given when asked for again', async () => {
    const { page, chat, person } = await world.visit('/script');
    person.expect(goingAway);
    await chat.open();
    await chat.say('What is in the recipe?');
    const answer = await world.model.next();
    answer.say('First you take ');
    await chat.replies.getByText('First you take').waitFor();
    // Parts are written in batches: what is written survives, and this one is to be.
    await eventually(async () => assert.match(await readStoredBytes(world.dataFolder), /First you take/));

    await world.chat.kill();
    await chat.notices.getByText('The connection was lost. Reconnecting…').waitFor();
    await chat.replies.getByText('First you take').waitFor();
    await world.restart();
    await chat.replies.getByText('This answer was interrupted.').waitFor();
    await chat.replies.getByText('First you take').waitFor();
    await chat.notices.waitFor({ state: 'detached' });
    assert.equal(await chat.own.count(), 1);

    await chat.button('Try again').click();
    const again = await world.model.next();
    assert.match(again.question, /What is in the recipe/);
    again.say('Flour and water.');
    again.finish();
    await chat.replies.getByText('Flour and water.').waitFor();
    await chat.answered(1);
    await page.reload();
    await chat.open();
    await chat.answered(1);
    assert.equal(await chat.replies.locator('[part~=text]').innerText(), 'Flour and water.');
    assert.equal(await chat.own.count(), 1);
  });

  it('stopped while it answers: the answer comes to its end first, and the next server goes on', async () => {
    const { chat, person } = await world.visit('/script');
    person.expect(goingAway);
    await chat.open();
    await chat.say('How long is the way?');
    const answer = await world.model.next();
    answer.say('It is long, ');
    await chat.replies.getByText('It is long,').waitFor();

    const stopped = world.chat.stop();
    answer.say('but it ends.');
    answer.finish();
    await chat.replies.getByText('It is long, but it ends.').waitFor();
    assert.equal(await stopped, 0);
    await world.restart();
    await chat.say('And then?');
    const next = await world.model.next();
    next.say('Then we rest.');
    next.finish();
    await chat.replies.getByText('Then we rest.').waitFor();
    await chat.answered(2);
    assert.equal(await chat.own.count(), 2);
  });

  it('away while a visitor writes: the text is kept, and sent once when it is back', async () => {
    const { page, chat, person } = await world.visit('/script');
    person.expect(goingAway);
    await chat.open();
    await chat.say('Hello?');
    const hello = await world.model.next();
    hello.say('Hello!');
    hello.finish();
    await chat.answered(1);

    await world.chat.stop();
    const askedBefore = world.model.asked();
    await chat.say('Are you still there?');
    await chat.notices.getByText('The connection was lost. Reconnecting…').waitFor();
    await chat.own.getByText(/Sending…|Waiting for connection…/).waitFor();
    await chat.composer.fill('half a sentence');
    await world.restart();
    const answer = await world.model.next();
    assert.match(answer.question, /Are you still there/);
    answer.say('I am back.');
    answer.finish();
    await chat.answered(2);
    await chat.notices.waitFor({ state: 'detached' });
    assert.equal(await chat.composer.inputValue(), 'half a sentence');
    assert.equal(await chat.own.count(), 2);
    assert.equal(world.model.asked(), askedBefore + 1);
    await page.reload();
    await chat.open();
    await chat.answered(2);
    assert.equal(await chat.own.count(), 2);
  });

  it('away over a reload of the page: what was sent off is still there, and arrives once', async () => {
    const { page, chat, person } = await world.visit('/script');
    person.expect(goingAway);
    await chat.open();
    await chat.say('Hello again?');
    const hello = await world.model.next();
    hello.say('Hello again!');
    hello.finish();
    await chat.answered(1);
    await world.chat.kill();
    await chat.say('Did this arrive?');
    await chat.own.getByText(/Sending…|Waiting for connection…/).waitFor();
    await world.restart();
    await page.reload();
    await chat.open();
    const answer = await world.model.next();
    assert.match(answer.question, /Did this arrive/);
    answer.say('It did.');
    answer.finish();
    await chat.answered(2);
    await eventually(async () => assert.equal(await chat.own.count(), 2));
  });
});
