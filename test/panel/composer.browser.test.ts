import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/client/index.ts';
import { en } from '../../src/strings/index.ts';
import { failed, userMessage } from './support/fake-client.ts';
import { drawn, mount } from './support/mount.ts';
import { states } from './support/states.ts';

function press(target: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}

describe('writing', () => {
  it('sends with Enter and empties the composer', async () => {
    const { client, input, type } = await mount();
    type('  hello  ');
    expect(press(input, 'Enter').defaultPrevented).to.equal(true);
    expect(client.calls.at(-1)).to.deep.equal(['send', 'hello']);
    expect(input.value).to.equal('');
  });

  it('begins a new line with Shift+Enter', async () => {
    const { client, input, type } = await mount();
    type('hello');
    expect(press(input, 'Enter', { shiftKey: true }).defaultPrevented).to.equal(false);
    expect(client.calls).to.deep.equal([['load']]);
  });

  for (const [name, more] of [
    ['while a word is being composed', { isComposing: true }],
    ['with the Enter that ended a composition in Safari', { keyCode: 229 }],
  ] as const) {
    it(`does not send ${name}`, async () => {
      const { client, input, type } = await mount();
      type('にほ');
      expect(press(input, 'Enter', more).defaultPrevented).to.equal(false);
      expect(client.calls).to.deep.equal([['load']]);
    });
  }

  it('has nothing to send while it is empty or blank', async () => {
    const { client, panel, input, type, button } = await mount();
    type(' \n ');
    await drawn(panel);
    expect(button(en.send).getAttribute('aria-disabled')).to.equal('true');
    button(en.send).click();
    press(input, 'Enter');
    expect(client.calls).to.deep.equal([['load']]);
  });

  it('grows with the text up to a limit', async () => {
    const { input, type } = await mount();
    const heights = ['a', 'a\nb\nc', 'a\n'.repeat(50)].map((text) => {
      type(text);
      return input.getBoundingClientRect().height;
    });
    const [one = 0, three = 0, many = 0] = heights;
    expect(three).to.be.greaterThan(one + 30);
    expect(many).to.be.greaterThan(three).and.to.be.lessThan(170);
  });

  it('keeps keys from the page’s shortcuts', async () => {
    const { input } = await mount();
    const heard: string[] = [];
    const listen = (event: Event) => heard.push(event.type);
    for (const type of ['keydown', 'keypress', 'keyup']) document.addEventListener(type, listen);
    for (const type of ['keydown', 'keypress', 'keyup']) {
      input.dispatchEvent(new KeyboardEvent(type, { key: 'k', bubbles: true, composed: true }));
    }
    for (const type of ['keydown', 'keypress', 'keyup']) document.removeEventListener(type, listen);
    expect(heard).to.deep.equal([]);
  });

  it('counts what is left near the limit, and sends nothing past it, and cuts nothing', async () => {
    const { client, panel, input, type, find, button } = await mount();
    type('x'.repeat(700));
    await drawn(panel);
    expect(find('#limit').hidden).to.equal(true);
    type('x'.repeat(999));
    await drawn(panel);
    expect(find('#limit').textContent.trim()).to.equal('1 character left');
    type('x'.repeat(1_002));
    await drawn(panel);
    expect(find('#limit').textContent.trim()).to.equal('2 characters too many');
    expect(input.ariaInvalid).to.equal('true');
    button(en.send).click();
    press(input, 'Enter');
    expect(client.calls).to.deep.equal([['load']]);
    expect(input.value.length).to.equal(1_002);
  });
});

describe('while an answer comes', () => {
  it('turns Send into Stop, and keeps the focus in the composer', async () => {
    const { client, panel, button, root, input } = await mount(states['streaming']);
    button(en.stop).click();
    await drawn(panel);
    expect(client.calls.at(-1)).to.deep.equal(['stop']);
    expect(root.activeElement).to.equal(input);
  });

  it('still takes the next message by Enter', async () => {
    const { client, input, type } = await mount(states['waiting']);
    type('and another thing');
    press(input, 'Enter');
    expect(client.calls.at(-1)).to.deep.equal(['send', 'and another thing']);
  });
});

describe('what was typed', () => {
  const rejection = () => Promise.reject(new ChatError('not_sent', 'no'));

  it('comes back when it was not sent', async () => {
    const { client, panel, input, type } = await mount();
    client.sendResult = rejection();
    type('precious');
    press(input, 'Enter');
    await drawn(panel);
    expect(input.value).to.equal('precious');
  });

  it('does not overwrite what was typed since', async () => {
    const { client, panel, input, type } = await mount();
    client.sendResult = rejection();
    type('first');
    press(input, 'Enter');
    type('second');
    await drawn(panel);
    expect(input.value).to.equal('second');
  });

  it('does not come back twice where the client kept it as a failed message', async () => {
    const { client, panel, input, type } = await mount();
    const { promise, reject } = Promise.withResolvers<void>();
    client.sendResult = promise;
    type('precious');
    press(input, 'Enter');
    client.emit({ messages: [userMessage('u', 'precious', failed('network'))] });
    reject(new ChatError('network', 'no'));
    await drawn(panel);
    expect(input.value).to.equal('');
  });

  it('never comes back to somebody else', async () => {
    const { client, panel, input, type } = await mount();
    const { promise, reject } = Promise.withResolvers<void>();
    client.sendResult = promise;
    type('precious');
    press(input, 'Enter');
    client.emit({ epoch: 2, conversationId: 'c2' });
    reject(new ChatError('superseded', 'no'));
    await drawn(panel);
    expect(input.value).to.equal('');
  });

  it('survives every kind of change', async () => {
    const { client, panel, input, type } = await mount();
    type('a draft');
    for (const change of Object.values(states)) {
      client.emit({ ...change, epoch: 1, conversationId: 'c1' });
      await panel.updateComplete;
    }
    panel.mode = 'page';
    panel.theme = 'dark';
    await drawn(panel);
    expect(input.value).to.equal('a draft');
    expect(input.isConnected).to.equal(true);
  });

  it('survives signing in within the conversation', async () => {
    const { client, input, type } = await mount();
    type('a draft');
    client.emit({ epoch: 2, identity: { state: 'verifying' } });
    expect(input.value).to.equal('a draft');
  });

  it('is put in front of a draft when a failed message is edited', async () => {
    const { panel, input, type, button } = await mount({ messages: [userMessage('u', 'old', failed('network'))] });
    type('new');
    button(en.edit).click();
    await drawn(panel);
    expect(input.value).to.equal('old\nnew');
  });
});

describe('the keyboard alone', () => {
  it('closes a floating panel with Escape, not while composing, and not an inline one', async () => {
    const { panel, input } = await mount({}, { mode: 'floating' });
    let closed = 0;
    panel.addEventListener('panel-close', () => (closed += 1));
    press(input, 'Escape', { isComposing: true });
    expect(closed).to.equal(0);
    press(input, 'Escape');
    expect(closed).to.equal(1);
    panel.mode = 'inline';
    await drawn(panel);
    press(input, 'Escape');
    expect(closed).to.equal(1);
  });

  it('reaches every control in reading order', async () => {
    const { root } = await mount(states['conversation'], { mode: 'floating' });
    const stops = [...root.querySelectorAll<HTMLElement>('button, textarea, a, [tabindex]')].filter(
      (element) => element.tabIndex >= 0 && element.getClientRects().length > 0,
    );
    const kinds = stops.map((element) => element.ariaLabel ?? element.textContent.trim().split('\n')[0]);
    expect(kinds.slice(0, 5)).to.deep.equal([en.newConversation, en.menu, en.close, en.log, en.loadOlder]);
    expect(kinds.slice(-2)).to.deep.equal([en.message, en.send]);
    for (const stop of stops) expect(stop.tabIndex).to.equal(0);
  });

  it('puts the cursor into the composer when asked to', async () => {
    const { panel, root, input } = await mount();
    panel.focusComposer();
    await drawn(panel);
    expect(root.activeElement).to.equal(input);
  });

  it('goes on in the composer after a suggestion is chosen', async () => {
    const { panel, root, input, button } = await mount();
    button('Where is my order?').click();
    await drawn(panel);
    expect(root.activeElement).to.equal(input);
  });
});
