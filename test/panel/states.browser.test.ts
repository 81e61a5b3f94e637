import { expect } from '@open-wc/testing';
import { en } from '../../src/strings/index.ts';
import { emptySnapshot, failed, reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, nameOf } from './support/mount.ts';
import { states } from './support/states.ts';
import { violations } from './support/violations.ts';

describe('the header', () => {
  it('shows the agent, or the heading that the page gave', async () => {
    const { panel, find } = await mount();
    expect(find('h2').textContent).to.equal('Ada');
    expect(find('.avatar').textContent).to.equal('A');
    panel.heading = 'Help desk';
    await drawn(panel);
    expect(find('h2').textContent).to.equal('Help desk');
  });

  it('H1 tells anonymous, self-reported and verified visitors apart', async () => {
    const { client, panel, find, root } = await mount();
    expect(root.querySelector('.identity')).to.equal(null);
    client.emit({ identity: { state: 'self-reported', name: 'Grace' } });
    await drawn(panel);
    expect(find('.identity').textContent.trim()).to.equal('Grace · not verified');
    client.emit({ identity: { state: 'verified', subject: '7', claims: { name: 'Grace' }, expiresAt: null } });
    await drawn(panel);
    expect(find('.identity.verified').textContent.trim()).to.equal('Signed in as Grace');
  });

  it('falls back to the e-mail address, then to no name, for claims of any kind', async () => {
    const { client, panel, find } = await mount();
    const claims = [
      { name: 42, email: 'g@shop.example' },
      { name: '  ', email: { a: 1 } },
    ];
    const shown: string[] = [];
    for (const each of claims) {
      client.emit({ identity: { state: 'verified', subject: '7', claims: each, expiresAt: null } });
      await drawn(panel);
      shown.push(find('.identity').textContent.trim());
    }
    expect(shown).to.deep.equal(['Signed in as g@shop.example', 'Signed in']);
  });

  it('offers a new conversation once there is one, and closing in floating mode only', async () => {
    const { client, panel, button, root } = await mount();
    expect([...root.querySelectorAll('header button')].map(nameOf)).to.deep.equal([en.menu]);
    client.emit({ messages: [userMessage('u', 'a')] });
    panel.mode = 'floating';
    await drawn(panel);
    button(en.newConversation).click();
    expect(client.calls.at(-1)).to.deep.equal(['newConversation']);
    let closed = 0;
    panel.addEventListener('panel-close', (event) => {
      closed += 1;
      expect(event.bubbles).to.equal(false);
    });
    button(en.close).click();
    expect(closed).to.equal(1);
  });
});

describe('an empty conversation', () => {
  it('greets with the agent’s words and sends a suggestion when pressed', async () => {
    const { client, find, button } = await mount();
    expect(find('.greeting').textContent).to.equal('Hello, I am Ada. What can I find for you?');
    button('Where is my order?').click();
    expect(client.calls.at(-1)).to.deep.equal(['send', 'Where is my order?']);
  });

  it('greets with the page’s words where it has some', async () => {
    const { find } = await mount({}, { strings: { pageGreeting: 'Ahoy!' } });
    expect(find('.greeting').textContent).to.equal('Ahoy!');
  });

  it('shows the page’s suggestions instead of the agent’s', async () => {
    const { root } = await mount({}, { suggestions: ['Only this'] });
    expect([...root.querySelectorAll('.suggestions button')].map(nameOf)).to.deep.equal(['Only this']);
  });
});

describe('history', () => {
  it('asks the client to load when it is first shown', async () => {
    expect((await mount()).client.calls).to.deep.equal([['load']]);
  });

  it('can be typed in while it loads', async () => {
    const { find, input } = await mount(states['loading']);
    expect(find('.skeleton').textContent).to.contain(en.loading);
    expect(input.disabled).to.equal(false);
  });

  it('says that it failed, why, and tries again', async () => {
    const { text, button, client } = await mount(states['history-failed']);
    expect(text()).to.contain(en.loadFailed).and.to.contain(en.failures.network);
    button(en.tryAgain).click();
    expect(client.calls.at(-1)).to.deep.equal(['load']);
  });

  it('loads older messages once at a time, and offers it again when that failed', async () => {
    const { client, panel, button } = await mount({ messages: [userMessage('u', 'a')], hasOlder: true });
    const { promise, reject } = Promise.withResolvers<void>();
    client.loadOlderResult = promise;
    button(en.loadOlder).click();
    await drawn(panel);
    button(en.loadingOlder).click();
    expect(client.calls.filter(([name]) => name === 'loadOlder').length).to.equal(1);
    reject(new Error('offline'));
    await promise.catch(() => undefined);
    await drawn(panel);
    expect(button(en.loadOlder).isConnected).to.equal(true);
  });
});

describe('messages', () => {
  it('shows what a visitor wrote as written, and answers as markdown', async () => {
    const { find } = await mount({ messages: [userMessage('u', '**a**\n<b>'), reply('r', '**a**')] });
    expect(find('.bubble').textContent).to.equal('**a**\n<b>');
    expect(find('.reply strong').textContent).to.equal('a');
  });

  it('shows that an answer is being waited for', async () => {
    const { find, client, panel, root } = await mount(states['waiting']);
    expect(find('.typing').textContent).to.contain('Ada is writing…');
    client.emit({ messages: [reply('r', '', { status: 'streaming' })] });
    await drawn(panel);
    expect(root.querySelectorAll('.typing').length).to.equal(1);
    client.emit({ messages: [], reply: 'idle' });
    await drawn(panel);
    expect(root.querySelector('.typing')).to.equal(null);
  });

  it('offers to send a failed message again, or to edit it', async () => {
    const { client, panel, button, text, input, root } = await mount({
      messages: [userMessage('u', 'words', failed('network'))],
    });
    expect(text()).to.contain(`${en.notSent} ${en.failures.network}`);
    button(en.retry).click();
    expect(client.calls.at(-1)).to.deep.equal(['retry', 'u']);
    button(en.edit).click();
    await drawn(panel);
    expect(client.calls.at(-1)).to.deep.equal(['discard', 'u']);
    expect(input.value).to.equal('words');
    expect(root.activeElement).to.equal(input);
  });

  it('does not offer to send again what can never be sent', async () => {
    const { root } = await mount({ messages: [userMessage('u', 'long', failed('too_large', false))] });
    expect([...root.querySelectorAll('.mine button')].map(nameOf)).to.deep.equal([en.edit]);
  });

  for (const status of ['stopped', 'failed', 'interrupted'] as const) {
    it(`says that an answer was ${status} and asks for it again`, async () => {
      const { client, text, button } = await mount({ messages: [userMessage('u', 'a'), reply('r', 'b', { status })] });
      expect(text()).to.contain(en[status]);
      button(en.tryAgain).click();
      expect(client.calls.at(-1)).to.deep.equal(['regenerate', 'r']);
    });
  }

  it('shows the state of tools, and nothing of their input or output', async () => {
    const tool = { type: 'dynamic-tool', toolName: 'find_order', toolCallId: 't', input: { secret: 1 } } as const;
    const { text } = await mount({
      messages: [
        reply('r', '', { parts: [{ ...tool, state: 'output-error', errorText: 'stack trace', output: 'secret' }] }),
      ],
    });
    expect(text()).to.contain(en.toolFailed('find order'));
    expect(text()).not.to.match(/secret|stack trace/);
  });

  it('passes over parts that it does not know', async () => {
    const { find } = await mount({
      messages: [reply('r', '', { parts: [{ type: 'data-weather', data: { secret: 1 } }] })],
    });
    expect(find('.reply').textContent.trim()).to.equal('');
  });
});

describe('sources', () => {
  const sourceOf = (url: string, title?: string) =>
    ({ type: 'source-url', sourceId: url, url, ...(title ? { title } : {}) }) as const;

  it('are links that give nothing away', async () => {
    const { find } = await mount({ messages: [reply('r', '', { parts: [sourceOf('https://shop.example/a', 'A')] })] });
    const link = find<HTMLAnchorElement>('.sources a');
    expect([link.href, link.target, link.rel]).to.deep.equal([
      'https://shop.example/a',
      '_blank',
      'noopener noreferrer nofollow',
    ]);
  });

  it('resolve relative paths against the page', async () => {
    const { find } = await mount({ messages: [reply('r', '', { parts: [sourceOf('/help/a')] })] });
    expect(find<HTMLAnchorElement>('.sources a').href).to.equal(`${location.origin}/help/a`);
  });

  for (const url of [
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'blob:x',
    'https://',
  ]) {
    it(`are text where the address is not safe: ${JSON.stringify(url)}`, async () => {
      const { find, root } = await mount({ messages: [reply('r', '', { parts: [sourceOf(url, 'T')] })] });
      expect(root.querySelector('.sources a')).to.equal(null);
      expect(find('.sources li').textContent).to.equal('T');
    });
  }

  it('are listed once each', async () => {
    const parts = [
      sourceOf('https://shop.example/a'),
      sourceOf('https://shop.example/a'),
      sourceOf('https://shop.example/b'),
    ];
    const { root } = await mount({ messages: [reply('r', '', { parts })] });
    expect(root.querySelectorAll('.sources li').length).to.equal(2);
  });
});

describe('signing in', () => {
  for (const [name, state] of Object.entries({
    'an answer needs it': states['sign-in'],
    'the chat is for members': states['denied'],
    'it has run out': states['expired'],
  })) {
    it(`says where to sign in, without a button, once nothing has come of it: ${name}`, async () => {
      const { panel, root, text } = await mount(state);
      expect(text()).not.to.contain(en.signInHere);
      panel.dispatchEvent(new Event('panel-sign-in-untaken'));
      await drawn(panel);
      expect(text()).to.contain(en.signInHere);
      const names = [...root.querySelectorAll('button')].map(nameOf);
      expect(names).not.to.include(en.signIn).and.not.to.include(en.signInAgain);
      expect(root.activeElement?.textContent).to.equal(en.signInHere);
      expect(await violations(panel)).to.deep.equal([]);
    });
  }

  it('B12 offers the host’s sign-in where an answer needs it', async () => {
    const { client, button } = await mount(states['sign-in']);
    button(en.signIn).click();
    expect(client.calls.at(-1)).to.deep.equal(['requestSignIn']);
  });

  it('asks for the answer again once the visitor has signed in', async () => {
    const { client, panel, button } = await mount(states['sign-in']);
    client.emit({ identity: { state: 'verified', subject: '7', claims: {}, expiresAt: null } });
    await drawn(panel);
    button(en.tryAgain).click();
    expect(client.calls.at(-1)).to.deep.equal(['regenerate', 'a1']);
  });

  it('asks for nothing any more once the conversation has gone on', async () => {
    const { client, panel, text } = await mount(states['sign-in']);
    const { messages = [] } = states['sign-in'] ?? {};
    client.emit({
      identity: { state: 'verified', subject: '7', claims: {}, expiresAt: null },
      messages: [...messages, userMessage('u2', 'Something else'), reply('a2', 'Of course.')],
    });
    await drawn(panel);
    expect(text()).to.contain(en.signedIn).and.not.to.contain(en.signedInNow).and.not.to.contain(en.tryAgain);
  });

  for (const [name, said] of [
    ['expired', en.expired],
    ['rejected', en.rejected],
  ] as const) {
    it(`Wo18 says in the visitor’s words that the sign-in is ${name}, and offers it again`, async () => {
      const { client, text, button } = await mount(states[name]);
      expect(text()).to.contain(said).and.not.to.contain('invalid_signature');
      button(en.signInAgain).click();
      expect(client.calls.at(-1)).to.deep.equal(['requestSignIn']);
    });
  }

  it('Wo16 shows a permission screen instead of the conversation to a visitor without access', async () => {
    const { client, button, text, find, panel, root } = await mount(states['denied']);
    expect(text()).to.contain(en.deniedTitle);
    expect(getComputedStyle(find('form')).display).to.equal('none');
    button(en.signIn).click();
    expect(client.calls.at(-1)).to.deep.equal(['requestSignIn']);
    panel.focusComposer();
    await drawn(panel);
    expect(root.activeElement).to.equal(button(en.signIn));
  });
});

describe('trouble', () => {
  it('says when the connection is gone or coming back', async () => {
    const { client, panel, text } = await mount(states['offline']);
    expect(text()).to.contain(en.offline);
    client.emit({ connection: 'reconnecting' });
    await drawn(panel);
    expect(text()).to.contain(en.reconnecting).and.not.to.contain(en.offline);
  });

  it('says of a message that waits for a connection that it does, and not that it is being sent', async () => {
    const message = { ...userMessage('u', 'hello'), delivery: 'pending' } as const;
    const { client, panel, find } = await mount({ messages: [message], connection: 'offline' });
    expect(find('.mine .state').textContent).to.equal(en.waiting);
    client.emit({ connection: 'online' });
    await drawn(panel);
    expect(find('.mine .state').textContent).to.equal(en.sending);
  });

  it('says of an agent that is not there no more than that: no greeting, and nothing to write in', async () => {
    const failure = { code: 'agent_not_found', retryable: false } as const;
    const { client, panel, find, root, text } = await mount({ agent: undefined, failure });
    expect(text().split(en.failures.agent_not_found).length, 'once').to.equal(2);
    expect(text()).not.to.contain(en.greeting);
    expect(find('form').hidden).to.equal(true);
    client.emit({ agent: emptySnapshot.agent, failure: undefined });
    await drawn(panel);
    expect(find('form').hidden).to.equal(false);
    expect(root.querySelector('.greeting')?.textContent).to.equal(emptySnapshot.agent?.greeting);
  });

  it('counts down to when a limited visitor may go on, without reading out each second', async () => {
    let now = 1_000;
    let tick = () => {};
    let isTicking = false;
    const clock = {
      now: () => now,
      everySecond: (each: () => void) => {
        tick = each;
        isTicking = true;
        return () => void (isTicking = false);
      },
    };
    const failure = { code: 'rate_limited', retryable: true, retryAt: 3_500 } as const;
    const { panel, text, find } = await mount({ failure }, { clock });
    expect(text()).to.contain(en.inSeconds(3));
    expect(find('[role=timer]').getAttribute('aria-live')).to.equal('off');
    now = 2_600;
    tick();
    await panel.updateComplete;
    expect(text()).to.contain(en.inSeconds(1));
    now = 3_500;
    tick();
    await panel.updateComplete;
    expect(text()).not.to.contain('second').and.not.to.contain(en.failures.rate_limited);
    expect(isTicking).to.equal(false);
  });

  it('has words of its own for every failure', async () => {
    for (const words of Object.values(en.failures)) expect(words).to.match(/^[A-Z][^_{}<>]+\.$/);
  });
});
