import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { en } from '../../src/strings/index.ts';
import { aroundStates } from './support/around-states.ts';
import { press, until } from './support/around.ts';
import { drawn, mount, type Mounted } from './support/mount.ts';

const asked = async (state: string): Promise<Mounted> => {
  const mounted = await mount(aroundStates[state], { mode: 'floating' });
  await until(() => mounted.root.querySelector('.gate button'), 'what is asked for');
  return mounted;
};

const field = ({ find }: Mounted, name: string) => find<HTMLInputElement>(`.gate input[name=${name}]`);
const fill = (mounted: Mounted, name: string, value: string): void => {
  field(mounted, name).value = value;
  field(mounted, name).dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
};
const problem = ({ find }: Mounted, name: string): string => {
  const element = find(`#gate-${name}-problem`);
  return element.hidden ? '' : element.textContent.trim();
};

describe('consent before the first message', () => {
  it('stands in the place of the composer and of the starters: text, link, one button', async () => {
    const { input, root, find, text } = await asked('consent');
    expect(input.getClientRects().length).to.equal(0);
    expect(root.querySelector('.suggestions')).to.equal(null);
    expect(text()).to.contain(en.consentTitle).and.to.contain('This chat is answered by an AI.');
    const link = find<HTMLAnchorElement>('.gate a');
    expect([link.href, link.target, link.rel]).to.deep.equal([
      'https://shop.example/privacy',
      '_blank',
      'noopener noreferrer',
    ]);
    expect(root.querySelectorAll('.gate button').length).to.equal(1);
  });

  it('shows the operator’s words as text, and no link that is none', async () => {
    const consent = { version: '1', text: '<b onclick="alert(1)">Read</b>', url: 'javascript:alert(1)' };
    const agent = {
      ...(aroundStates['consent']?.agent as NonNullable<(typeof aroundStates)['consent']['agent']>),
      consent,
    };
    const { find, root } = await mount({ gate: 'consent', agent });
    await until(() => root.querySelector('.gate-text'), 'the text');
    expect(find('.gate-text').textContent).to.contain(consent.text);
    expect(root.querySelectorAll('.gate-text :is(a, b)').length).to.equal(0);
  });

  it('is given by the button, and goes on in the composer with what was typed', async () => {
    const mounted = await mount({ messages: [] }, { mode: 'floating' });
    mounted.type('precious');
    mounted.input.focus();
    mounted.client.emit(aroundStates['consent'] ?? {});
    await until(() => mounted.root.activeElement?.matches('.gate button'), 'the focus on the button');
    await sendKeys({ press: 'Enter' });
    expect(mounted.client.calls).to.deep.include(['acceptConsent']);
    mounted.client.emit({ gate: 'none' });
    await until(() => mounted.root.activeElement === mounted.input, 'the focus in the composer');
    expect(mounted.input.value).to.equal('precious');
  });

  it('takes no focus from the page where nobody was in the panel', async () => {
    const mounted = await asked('consent');
    expect(mounted.root.activeElement).to.equal(null);
  });

  it('takes the focus where the composer would have', async () => {
    const mounted = await asked('consent');
    mounted.panel.focusComposer();
    await drawn(mounted.panel);
    expect(mounted.root.activeElement?.matches('.gate button')).to.equal(true);
  });

  it('is said to whoever hears the button', async () => {
    const { find } = await asked('consent');
    const described = find('.gate button').getAttribute('aria-describedby') ?? '';
    expect(find(`#${described}`).textContent).to.contain('This chat is answered by an AI.');
  });
});

describe('the form before the first message', () => {
  it('has a label, a type and what the browser may fill in for each field', async () => {
    const mounted = await asked('form');
    const facts = ['name', 'email'].map((name) => {
      const input = field(mounted, name);
      return [input.labels?.[0]?.textContent.trim(), input.type, input.autocomplete, input.required];
    });
    expect(facts).to.deep.equal([
      [en.formName, 'text', 'name', true],
      [`${en.formEmail} (${en.formOptional})`, 'email', 'email', false],
    ]);
    expect(mounted.text()).to.contain('So that we can write to you');
  });

  it('says beside the field what is missing or wrong, and goes to the first', async () => {
    const mounted = await asked('form');
    fill(mounted, 'name', '  ');
    fill(mounted, 'email', 'nonsense');
    mounted.button(en.formStart).click();
    await drawn(mounted.panel);
    expect([problem(mounted, 'name'), problem(mounted, 'email')]).to.deep.equal([en.formMissing, en.formEmailInvalid]);
    const name = field(mounted, 'name');
    expect(mounted.root.activeElement).to.equal(name);
    expect([name.ariaInvalid, name.getAttribute('aria-describedby')]).to.deep.equal(['true', 'gate-name-problem']);
    const { borderTopColor, outlineColor } = getComputedStyle(name);
    const danger = getComputedStyle(mounted.find('.gate-problem')).color;
    expect([borderTopColor, outlineColor]).to.deep.equal([danger, danger]);
    expect(mounted.client.calls.map(([call]) => call)).not.to.include('submitForm');
  });

  it('takes back what it said as soon as it is not true any more', async () => {
    const mounted = await asked('form');
    mounted.button(en.formStart).click();
    await drawn(mounted.panel);
    fill(mounted, 'name', 'Grace');
    await drawn(mounted.panel);
    expect(problem(mounted, 'name')).to.equal('');
    expect(field(mounted, 'name').ariaInvalid).to.equal(null);
  });

  it('is sent by Enter, trimmed, and without what is optional', async () => {
    const mounted = await asked('form');
    fill(mounted, 'name', ' Grace ');
    field(mounted, 'name').focus();
    await sendKeys({ press: 'Enter' });
    expect(mounted.client.calls.at(-1)).to.deep.equal(['submitForm', { name: 'Grace', email: '' }]);
  });

  it('knows what the page has said of the visitor', async () => {
    const mounted = await mount({ ...aroundStates['form'], identity: { state: 'self-reported', name: 'Grace' } });
    await until(() => mounted.root.querySelector('.gate input'), 'the form');
    expect(field(mounted, 'name').value).to.equal('Grace');
  });

  it('keeps what is typed in it over every change', async () => {
    const mounted = await asked('form');
    fill(mounted, 'name', 'Grace');
    mounted.client.emit({ connection: 'offline' });
    await drawn(mounted.panel);
    expect(field(mounted, 'name').value).to.equal('Grace');
  });

  it('keeps keys from the page’s shortcuts', async () => {
    const mounted = await asked('form');
    let heard = 0;
    const listen = () => (heard += 1);
    document.addEventListener('keydown', listen);
    press(field(mounted, 'name'), 'k');
    document.removeEventListener('keydown', listen);
    expect(heard).to.equal(0);
  });

  it('comes in a conversation that has begun as well, with what waits for it on the screen', async () => {
    const { text } = await asked('form-later');
    expect(text()).to.contain('Yes please').and.to.contain(en.formTitle);
  });
});
