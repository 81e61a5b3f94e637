import { expect } from '@open-wc/testing';
import type { ProblemCode } from '../../src/protocol/index.ts';
import { answer, backend, bearerOf, networkError, noContent, problem, useBackend } from './support/backend.ts';
import { useHurry } from './support/hurry.ts';
import { token } from './support/token.ts';
import { until } from './support/until.ts';
import { useRejections } from './support/warnings.ts';
import { mountWidget, type Visitor } from './support/widget.ts';

useBackend();
useHurry();
useRejections();

const ada = token({ sub: 'ada', name: 'Ada' });
const adaAgain = token({ sub: 'ada', name: 'Ada', jti: '2' });
const forged = token({ sub: 'ada' }, 'bad');

const text = 'something I thought about for long';

/** Ids and texts of the messages that were sent, in order. */
const sent = () =>
  backend.calls('/chat').map(({ body }) => {
    const { messages } = JSON.parse(body) as { messages: { id: string; parts: { text: string }[] }[] };
    return { id: messages.at(-1)?.id, text: messages.at(-1)?.parts[0]?.text };
  });

/** One message, however often it was tried. */
function expectOneMessage(times: number): void {
  expect(sent().length).to.equal(times);
  expect(new Set(sent().map(({ id }) => id)).size).to.equal(1);
  expect(new Set(sent().map((each) => each.text))).to.deep.equal(new Set([text]));
}

async function openChat(attributes: { readonly [name: string]: string } = {}): Promise<Visitor> {
  const visitor = await mountWidget(attributes);
  await visitor.open();
  return visitor;
}

async function answerIn(visitor: Visitor): Promise<void> {
  (await backend.reply()).begin('Here is the answer.').finish();
  await visitor.sees('Here is the answer.');
  await until(() => visitor.messages.length === 2, 'a question and an answer');
}

describe('a message that is refused', () => {
  const refusals: readonly (readonly [code: ProblemCode, words: string, isRetryable: boolean])[] = [
    ['internal', 'Something went wrong on our side', true],
    ['unavailable', 'The chat is taking a short break', true],
    ['rate_limited', 'That was a lot of messages', true],
    ['too_large', 'This message is too long', false],
    ['invalid_request', 'could not be understood', false],
    ['message_conflict', 'already sent with other words', false],
    ['origin_not_allowed', 'not available on this site', false],
    ['agent_not_found', 'not available at the moment', false],
  ];
  for (const [code, words, isRetryable] of refusals) {
    it(`with ${code} stands there as not sent, with why, and can be ${isRetryable ? 'sent again' : 'edited'}`, async () => {
      answer('post', '/chat', () => problem(code));
      const visitor = await openChat();
      visitor.say(text);
      await visitor.sees('Not sent.');
      await visitor.sees(words);
      expect(visitor.messages[0]).to.include(text);
      expect(visitor.detail('failed')).to.deep.equal({ code, retryable: isRetryable });
      expect(visitor.button('Retry') !== undefined).to.equal(isRetryable);
      await visitor.press('Edit');
      await until(() => visitor.input?.value === text, 'the text in the composer');
      expect(visitor.messages).to.deep.equal([]);
    });
  }

  for (const [what, fail] of [
    ['500', () => problem('internal')],
    ['a page of a proxy’s own with status 502', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ['a network error', networkError],
  ] as const) {
    it(`with ${what} goes out by itself under the same id when it was for a moment`, async () => {
      let failures = 2;
      answer('post', '/chat', () => (failures-- > 0 ? fail() : undefined));
      const visitor = await openChat();
      visitor.say(text);
      await answerIn(visitor);
      expectOneMessage(3);
      expect(visitor.names()).not.to.include('failed');
    });

    it(`with ${what} for good can be sent again under the same id`, async () => {
      let isBroken = true;
      answer('post', '/chat', () => (isBroken ? fail() : undefined));
      const visitor = await openChat();
      visitor.say(text);
      await visitor.sees('Not sent.');
      visitor.write('and what I typed since');
      isBroken = false;
      await visitor.press('Retry');
      await answerIn(visitor);
      expectOneMessage(6);
      expect(visitor.input?.value).to.equal('and what I typed since');
    });
  }

  it('with 429 says for how long, counts down, and goes out on Retry', async () => {
    answer('post', '/chat', () => problem('rate_limited', {}, { 'Retry-After': '120' }), { once: true });
    const visitor = await openChat();
    visitor.say(text);
    await visitor.sees('Not sent. That was a lot of messages');
    await visitor.sees('Try again in 120 seconds.');
    await visitor.sees('Try again in 119 seconds.');
    await visitor.press('Retry');
    await answerIn(visitor);
    expectOneMessage(2);
    expect(visitor.text).not.to.include('Try again in');
  });
});

describe('401', () => {
  it('Wo18 a sign-in that expires in mid-conversation holds the message until the page identifies again', async () => {
    const visitor = await openChat({ 'contact-context-token': ada });
    await visitor.sees('Signed in as Ada');
    answer('post', '/chat', (request) =>
      request.headers.get('Authorization') === `Bearer ${ada}`
        ? problem('invalid_token', { reason: 'expired' })
        : undefined,
    );
    visitor.say(text);
    await visitor.sees('Your sign-in has run out.');
    expect(visitor.widget.state.identity).to.deep.equal({ state: 'expired' });
    expect(visitor.messages[0]).to.include(text);
    await visitor.press('Sign in again');
    expect(visitor.detail('sign-in-requested')).to.deep.equal({});
    await visitor.widget.identify(adaAgain);
    await answerIn(visitor);
    expectOneMessage(2);
    expect(backend.calls('/chat').map(bearerOf)).to.deep.equal([ada, adaAgain]);
    expect(visitor.text).not.to.include('Your sign-in has run out.');
  });

  it('Wo18 with a function that gives tokens nobody notices', async () => {
    const tokens = [ada, adaAgain];
    const visitor = await openChat();
    await visitor.widget.identify(() => Promise.resolve(tokens.shift() ?? ''));
    answer('post', '/chat', (request) =>
      request.headers.get('Authorization') === `Bearer ${ada}`
        ? problem('invalid_token', { reason: 'expired' })
        : undefined,
    );
    visitor.say(text);
    await answerIn(visitor);
    expectOneMessage(2);
    expect(visitor.names()).not.to.include('failed');
  });

  it('B14 a token that is not accepted is said outright, and what was typed stays', async () => {
    const visitor = await openChat({ 'contact-context-token': forged });
    await visitor.sees('We could not confirm who you are');
    expect(visitor.detail('identity-changed')).to.deep.equal({ state: 'rejected', reason: 'invalid_signature' });
    answer('post', '/chat', () => problem('invalid_token', { reason: 'invalid_signature' }));
    visitor.say(text);
    await visitor.sees('Not sent.');
    expect(visitor.messages[0]).to.include(text);
    expect(bearerOf(backend.calls('/chat')[0] ?? expect.fail('nothing was sent'))).to.equal(forged);
  });

  it('revoked takes what belonged to the visitor off the screen', async () => {
    const visitor = await openChat({ 'contact-context-token': ada });
    await visitor.sees('Signed in as Ada');
    visitor.say(text);
    await answerIn(visitor);
    answer('post', '/chat', () => problem('invalid_token', { reason: 'revoked' }));
    visitor.say('and now?');
    await visitor.sees('You have been signed out.');
    expect(visitor.text).not.to.include('Here is the answer.').and.not.to.include(text);
  });
});

describe('an agent that goes on without a token that is not accepted', () => {
  it('W12 H13 says so, and answers all the same', async () => {
    backend.agent = { ...backend.agent, features: { anonymousFallback: true } };
    answer('post', '/identity', () => Response.json({ verified: false, reason: 'expired' }));
    answer('post', '/chat', () => {
      const { response } = backend.stream();
      response.headers.set('X-Chat-Identity-Reason', 'expired');
      return response;
    });
    const visitor = await openChat({ 'contact-context-token': ada });
    await visitor.sees('Your sign-in has run out.');
    visitor.say(text);
    await answerIn(visitor);
    expectOneMessage(1);
    expect(visitor.widget.state.identity).to.deep.equal({ state: 'expired' });
    expect(visitor.names()).not.to.include('failed');
  });
});

describe('403 no_permission', () => {
  it('Wo16 shows a permission screen with the way to sign in, and the chat once the visitor is verified', async () => {
    backend.agent = { ...backend.agent, access: 'verified-only' };
    const visitor = await openChat();
    await visitor.sees('This chat is for signed-in visitors');
    expect(visitor.input?.checkVisibility()).to.equal(false);
    await visitor.press('Sign in');
    expect(visitor.detail('sign-in-requested')).to.deep.equal({});
    await visitor.widget.identify(ada);
    await visitor.sees('Hello, what can I find for you?');
    expect(visitor.text).not.to.include('This chat is for signed-in visitors');
    visitor.say(text);
    await answerIn(visitor);
  });

  it('Wo16 in mid-conversation keeps what was typed until the visitor may send it', async () => {
    const visitor = await openChat();
    answer('post', '/chat', () => problem('no_permission'), { once: true });
    visitor.say(text);
    await visitor.sees('This chat is for signed-in visitors');
    await visitor.widget.identify(ada);
    await visitor.sees(text);
    await visitor.sees('Not sent.');
    await until(() => visitor.button('Edit')?.checkVisibility(), 'the button');
  });

  it('Wo16 for a token that is not accepted says so', async () => {
    backend.agent = { ...backend.agent, access: 'verified-only' };
    answer('post', '/identity', () => problem('no_permission', { reason: 'invalid_signature' }));
    answer('get', '/conversations', () => problem('no_permission', { reason: 'invalid_signature' }));
    const visitor = await openChat({ 'contact-context-token': forged });
    await visitor.sees('This chat is for signed-in visitors');
    await visitor.sees('We could not confirm who you are');
    expect(visitor.widget.state.identity).to.deep.equal({ state: 'rejected', reason: 'invalid_signature' });
  });
});

describe('a stream that is cut in the middle', () => {
  for (const how of ['cut', 'close'] as const) {
    it(`is taken up behind its last frame, without a word lost or doubled (${how})`, async () => {
      const visitor = await openChat();
      visitor.say(text);
      const reply = await backend.reply();
      let asked: Request | undefined;
      answer('get', '/chat/:id/stream', (request) => {
        asked = request;
        return backend.stream(reply.messageId, 3).response;
      });
      reply.begin('The first half');
      await visitor.sees('The first half');
      reply[how]();
      const rest = await backend.reply();
      rest.say(' and the second.').finish();
      await visitor.sees('The first half and the second.');
      await visitor.heard('message-received');
      expect(asked?.headers.get('Last-Event-ID')).to.equal(`${reply.messageId}:3`);
      expect(visitor.messages.length).to.equal(2);
      expectOneMessage(1);
      expect(visitor.names()).not.to.include('failed');
    });
  }

  it('is read from the history where nothing runs any more', async () => {
    const visitor = await openChat();
    visitor.say(text);
    const reply = await backend.reply();
    reply.begin('The first half');
    await visitor.sees('The first half');
    backend.stored = [
      { id: sent()[0]?.id ?? '', role: 'user', parts: [{ type: 'text', text }] },
      { id: reply.messageId, role: 'assistant', parts: [{ type: 'text', text: 'The first half and the second.' }] },
    ];
    reply.cut();
    await visitor.sees('The first half and the second.');
    await until(() => visitor.messages.length === 2, 'a question and an answer');
    expectOneMessage(1);
  });

  it('that cannot be taken up leaves what there is, says so, and can be asked for again', async () => {
    answer('get', '/chat/:id/stream', networkError);
    const visitor = await openChat();
    visitor.say(text);
    const reply = await backend.reply();
    reply.begin('The first half');
    await visitor.sees('The first half');
    visitor.write('what I typed meanwhile');
    reply.cut();
    await visitor.sees('This answer was interrupted.');
    await visitor.sees('The first half');
    expect(visitor.input?.value).to.equal('what I typed meanwhile');
    expect(visitor.detail('failed')).to.include({ retryable: true });
    await visitor.press('Try again');
    (await backend.reply()).begin('All of it this time.').finish();
    await visitor.sees('All of it this time.');
    const [, again] = backend.calls('/chat').map(({ body }) => JSON.parse(body) as { [field: string]: unknown });
    expect(again).to.include({ trigger: 'regenerate-message', messageId: reply.messageId });
    expectOneMessage(2);
  });
});

describe('frames that make no sense', () => {
  for (const nonsense of [
    'data: {"type":"text-delta","id":"t","del\n\n',
    'data: 7\n\n',
    'data: {"type":"text-delta"}\n\n',
  ]) {
    it(`${JSON.stringify(nonsense)} is not drawn: the reply is taken up behind the last good one`, async () => {
      const visitor = await openChat();
      visitor.say(text);
      const reply = await backend.reply();
      answer('get', '/chat/:id/stream', () => backend.stream(reply.messageId, 3).response);
      reply.begin('Sense').raw(nonsense);
      (await backend.reply()).say(' and more sense.').finish();
      await visitor.sees('Sense and more sense.');
      await visitor.heard('message-received');
      expect(visitor.messages.length).to.equal(2);
      expect(visitor.text).not.to.include('del');
    });
  }

  it('that come again and again end the reply, without an end to the chat', async () => {
    const visitor = await openChat();
    answer('get', '/chat/:id/stream', () => backend.stream('broken').raw('data: {\n\n').response);
    visitor.say(text);
    (await backend.reply()).begin('Sense').raw('data: {\n\n');
    await visitor.sees('This answer was interrupted.');
    visitor.say('and now?');
    await until(() => backend.calls('/chat').length === 2, 'the next message');
  });

  it('parts of a later protocol, comments and white space change nothing', async () => {
    const visitor = await openChat();
    visitor.say(text);
    const reply = await backend.reply();
    reply
      .raw(': awake\n\n\n\n')
      .send({ type: 'hologram', data: 'x' }, { type: 'reasoning-delta', id: 'r', delta: 'thinking' })
      .begin('Only this.')
      .send({ type: 'data-weather', data: { rain: true } })
      .raw('event: later\nretry: 5\n\n')
      .finish();
    await visitor.sees('Only this.');
    await visitor.heard('message-received');
    expect(visitor.messages.at(-1)).to.match(/Only this\.\s*$/);
    expect(visitor.text).not.to.include('thinking');
    expect(visitor.names()).not.to.include('failed');
  });

  it('an answer without a stream is taken for a lost one', async () => {
    answer('post', '/chat', () => new Response('<h1>Login</h1>', { headers: { 'Content-Type': 'text/html' } }), {
      once: true,
    });
    const visitor = await openChat();
    visitor.say(text);
    await visitor.heard('message-sent');
    await until(() => backend.calls('/chat').length > 0, 'a request');
    await until(() => visitor.button('Stop answering') === undefined, 'an end');
    expect(visitor.text).not.to.include('Login');
    expect(visitor.text).to.include(text);
  });

  it('an error of the agent’s is shown as a failed answer, never in its own words', async () => {
    const visitor = await openChat();
    visitor.say(text);
    const reply = await backend.reply();
    reply.begin('It begins').send({ type: 'error', errorText: 'The agent failed.' }).finish();
    await visitor.sees('This answer could not be finished.');
    await until(() => visitor.button('Try again')?.checkVisibility(), 'the button');
  });
});

describe('a history that cannot be loaded', () => {
  it('says so, and is loaded on Try again', async () => {
    let isBroken = true;
    answer('get', '/conversations', () => (isBroken ? problem('internal') : undefined));
    backend.stored = [{ id: 'm1', role: 'user', parts: [{ type: 'text', text: 'from last week' }] }];
    const visitor = await openChat({ 'contact-context-token': ada });
    await visitor.sees('The conversation could not be loaded.');
    visitor.write(text);
    isBroken = false;
    await visitor.press('Try again');
    await visitor.sees('from last week');
    expect(visitor.input?.value).to.equal(text);
  });

  it('does not keep anybody from writing', async () => {
    answer('get', '', () => problem('internal'));
    answer('get', '/conversations', () => noContent());
    const visitor = await openChat();
    visitor.say(text);
    await answerIn(visitor);
  });
});
