import { expect } from '@open-wc/testing';
import { answer, backend, problem, useBackend } from './support/backend.ts';
import { token } from './support/token.ts';
import { nextTask } from './support/until.ts';
import { useRejections } from './support/warnings.ts';
import { mountWidget } from './support/widget.ts';
import { expectSame } from './support/same.ts';

useBackend();
useRejections();

const ada = token({ sub: 'ada', name: 'Ada' });

describe('events', () => {
  it('of a whole conversation come in order, bubble and cross shadow roots, and only message-sending can be cancelled', async () => {
    const visitor = await mountWidget();
    const heard: string[] = [];
    const hear = ({ type }: Event): void => void heard.push(type);
    const names = [
      'ready',
      'opened',
      'message-sending',
      'message-sent',
      'message-received',
      'identity-changed',
      'closed',
    ];
    for (const name of names) document.addEventListener(`chat-${name}`, hear);
    await visitor.open();
    visitor.say('hello');
    (await backend.reply()).begin('Hi.').finish();
    await visitor.heard('message-received');
    await visitor.widget.identify(ada);
    visitor.key('Escape');
    await visitor.heard('closed');
    for (const name of names) document.removeEventListener(`chat-${name}`, hear);
    expect(visitor.names()).to.deep.equal([
      'ready',
      'opened',
      'message-sending',
      'message-sent',
      'message-received',
      'identity-changed',
      'identity-changed',
      'closed',
    ]);
    expect(heard).to.deep.equal(
      visitor
        .names()
        .slice(1)
        .map((name) => `chat-${name}`),
    );
    for (const { name, event } of visitor.events) {
      expect(event).to.include({ bubbles: true, composed: true, cancelable: name === 'message-sending' });
      expectSame(event.target, visitor.widget);
    }
  });

  it('say what happened', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    visitor.say('hello');
    const reply = await backend.reply();
    reply.begin('Hi.').finish();
    await visitor.heard('message-received');
    const { messages } = JSON.parse(backend.calls('/chat')[0]?.body ?? '') as { messages: { id: string }[] };
    expect(visitor.detail('message-sending')).to.deep.equal({ text: 'hello' });
    expect(visitor.detail('message-sent')).to.deep.equal({ id: messages[0]?.id });
    expect(visitor.detail('message-received')).to.deep.equal({ id: reply.messageId });
    await visitor.widget.identify(ada);
    expect(visitor.detail('identity-changed')).to.deep.equal({ state: 'verified' });
  });

  it('reach a page that holds the widget in a shadow root of its own', async () => {
    const visitor = await mountWidget();
    const host = document.createElement('div');
    const inner = host.attachShadow({ mode: 'closed' });
    document.body.append(host);
    inner.append(visitor.widget);
    const heard = new Promise<Event>((resolve) => document.addEventListener('chat-opened', resolve, { once: true }));
    await visitor.open();
    expectSame((await heard).target, host);
    host.remove();
  });

  it('message-sending can keep a message on the page, and what was typed stays', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    visitor.widget.addEventListener('chat-message-sending', (event) => event.preventDefault(), { once: true });
    visitor.say('not this one');
    await nextTask();
    expect(backend.calls('/chat')).to.deep.equal([]);
    expect(visitor.input?.value).to.equal('not this one');
    visitor.key('Enter');
    (await backend.reply()).begin('Got it.').finish();
    await visitor.sees('Got it.');
  });

  it('chat-failed says the code and whether trying again helps', async () => {
    answer('post', '/chat', () => problem('too_large'));
    const visitor = await mountWidget();
    await visitor.open();
    visitor.say('hello');
    await visitor.heard('failed');
    expect(visitor.detail('failed')).to.deep.equal({ code: 'too_large', retryable: false });
  });

  it('chat-sign-in-requested asks the page for its sign-in', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    visitor.say('where is my order?');
    const reply = await backend.reply();
    reply.begin('I can look once you sign in.').send({ type: 'data-sign-in-required', data: {} }).finish();
    await visitor.press('Sign in');
    expect(visitor.detail('sign-in-requested')).to.deep.equal({});
  });
});
