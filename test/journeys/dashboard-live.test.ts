import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { callApi, firstAdministrator, invited, type Desk } from './support/dashboard.ts';
import { everythingOn } from './support/person.ts';
import { useWorld } from './support/world.ts';

const secret = 'They pay with a zebra.';

describe('operators live', () => {
  const world = useWorld();

  test('a visitor asks for a human; one of two operators answers, who see each other; their note stays theirs; the agent goes on', async () => {
    const { page, chat } = await world.visit('/script');
    await chat.open();
    assert.match(await chat.ask('Can I talk to a human?'), /I have asked a person/);
    const alma = await firstAdministrator(world);
    const otto = await invited(world, alma, { name: 'Otto Operator', role: 'operator' });
    const { conversations } = await callApi<{ conversations: readonly { id: string }[] }>(alma, 'conversations');
    const conversationId = conversations[0]?.id ?? assert.fail('there is no conversation');
    await Promise.all([alma, otto].map((desk) => desk.open(`/conversations/${conversationId}`)));
    for (const desk of [alma, otto]) await shows(desk, 'Waiting for a person');

    await seesInSide(alma, 'Otto Operator');
    await seesInSide(otto, 'Alma Admin');
    await alma.page.getByRole('button', { name: 'Take over', exact: true }).click();
    await shows(alma, 'You answer');
    await shows(otto, 'Alma Admin answers');
    await chat.panel
      .getByText(/Alma Admin/)
      .first()
      .waitFor();

    const box = alma.page.getByRole('textbox', { name: 'Reply to the visitor' });
    await box.pressSequentially('Good');
    await chat.panel.getByText('Alma Admin is typing…').first().waitFor({ state: 'attached' });
    await seesInSide(otto, 'types…');
    await box.fill('Good morning, this is Alma.');
    await box.press('Enter');
    await chat.panel.getByText('Good morning, this is Alma.', { exact: true }).waitFor();
    await otto.page.getByText('Good morning, this is Alma.').waitFor();

    await chat.composer.pressSequentially('Hel');
    for (const desk of [alma, otto]) await desk.page.locator('.dock .typing', { hasText: 'types…' }).waitFor();
    await chat.say('Hello Alma, my fern is brown');
    for (const desk of [alma, otto]) await desk.page.locator('.transcript').getByText('my fern is brown').waitFor();
    assert.equal(await chat.panel.locator('[part=handoff]', { hasText: 'Alma Admin' }).count(), 1, 'said once');

    await alma.page.keyboard.press('Alt+Shift+N');
    const note = alma.page.getByRole('textbox', { name: 'Internal note' });
    await note.fill(secret);
    await note.press('Enter');
    await otto.page
      .getByRole('article', { name: /^Internal note, Alma Admin/ })
      .getByText(secret)
      .waitFor();

    await alma.page.getByRole('button', { name: 'Hand back' }).click();
    await shows(otto, 'The agent answers');
    const answers = await chat.replies.count();
    await chat.say('How much is shipping?');
    await chat.answered(answers + 1);
    await otto.page.locator('.transcript').getByText('How much is shipping?').waitFor();
    await otto.page
      .locator('.transcript .message.agent')
      .last()
      .getByText(/delivery|shipping/i)
      .first()
      .waitFor();
    await page.reload();
    await chat.open();
    await chat.own.getByText('my fern is brown').waitFor();
    assert.ok(!(await everythingOn(page)).includes('zebra'));
  });
});

async function shows({ page }: Desk, text: string): Promise<void> {
  await page.locator('.page-header').getByText(text).waitFor();
}

async function seesInSide({ page }: Desk, text: string): Promise<void> {
  await page
    .getByRole('status', { name: /Colleagues/ })
    .getByText(text)
    .first()
    .waitFor();
}
