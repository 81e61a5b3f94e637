import { expect } from '@open-wc/testing';
import type { ChatWidgetAttributes } from '../../src/shell/markup.ts';
import { useBackend } from './support/backend.ts';
import { useHurry } from './support/hurry.ts';
import { token } from './support/token.ts';
import { nextTask, until } from './support/until.ts';
import { useRejections, useWarnings } from './support/warnings.ts';
import { mountWidget, type Visitor } from './support/widget.ts';

useBackend();
useHurry();
useRejections();
const warnings = useWarnings();

type Nonsense = {
  readonly value: string;
  /** What has to be there for the attribute to count at all. */
  readonly beside?: { readonly [name: string]: string };
  /** In the one warning. */
  readonly says: RegExp;
  /** What the page has instead. */
  readonly fallback: (visitor: Visitor) => unknown;
};

const floats = ({ launcher }: Visitor) => expect(getComputedStyle(launcher).display).not.to.equal('none');
const isAnonymous = ({ widget }: Visitor) => expect(widget.state.identity.state).not.to.equal('verified');
const greets = (visitor: Visitor) => visitor.sees('Hello, what can I find for you?');
const scheme = ({ launcher }: Visitor) => getComputedStyle(launcher).colorScheme;

/** What an attribute may hold that has no nonsense: any text. */
const anyText = 'any text';

// As an object, so that an attribute that is missing here is a type error.
const attributes: { readonly [name in keyof ChatWidgetAttributes]-?: Nonsense | typeof anyText } = {
  'agent-id': { value: '../secrets', says: /is the name of no agent/, fallback: floats },
  server: { value: 'javascript:alert(1)', says: /no http\(s\) address; the script's origin counts/, fallback: greets },
  endpoint: { value: 'http://', says: /no http\(s\) address; it counts as if it were not there/, fallback: greets },
  'endpoint-type': { value: 'soap', says: /counts beside endpoint alone/, fallback: greets },
  'endpoint-model': { value: 'gpt', says: /counts beside endpoint alone/, fallback: greets },
  'agent-name': { value: 'Ada', says: /counts beside endpoint alone/, fallback: greets },
  greeting: { value: 'Ahoy', says: /counts beside endpoint alone/, fallback: greets },
  'contact-context-token': {
    value: 'no token',
    says: /the token was refused: malformed, it is no JWT\.$/,
    fallback: isAnonymous,
  },
  'data-user-token': {
    value: token({ sub: 'grace' }),
    beside: { 'contact-context-token': token({ sub: 'ada', name: 'Ada' }) },
    says: /differ; contact-context-token is used/,
    fallback: (visitor) => visitor.sees('Signed in as Ada'),
  },
  'token-url': {
    value: 'https://elsewhere.example/token',
    says: /of this page's origin, .*it is not asked/,
    fallback: isAnonymous,
  },
  'sign-in-url': {
    value: 'javascript:alert(1)',
    says: /sign-in-url="javascript:alert\(1\)" has to be https, or of this page's origin; it is not followed/,
    fallback: greets,
  },
  'data-user-name': anyText,
  'data-user-email': anyText,
  metadata: { value: '[nonsense', says: /is not a JSON object; nothing is sent along/, fallback: greets },
  mode: { value: 'sideways', says: /floating, inline, page; floating counts/, fallback: floats },
  position: {
    value: 'middle',
    says: /end, start; end counts/,
    fallback: ({ launcher }) => expect(getComputedStyle(launcher).right).to.equal('20px'),
  },
  theme: {
    value: 'pink',
    says: /auto, light, dark; auto counts/,
    fallback: (visitor) => expect([scheme(visitor), visitor.panel?.theme]).to.deep.equal(['light dark', 'auto']),
  },
  density: {
    value: 'spacious',
    says: /comfortable, compact; comfortable counts/,
    fallback: ({ widget }) => expect(getComputedStyle(widget).getPropertyValue('--_chat-density')).to.equal(''),
  },
  locale: { value: 'tlh', says: /no texts for locale="tlh"/, fallback: greets },
  'unread-title': { value: 'sometimes', says: /on, off; on counts/, fallback: greets },
  loading: { value: 'lazy', says: /intent, idle, eager; intent counts/, fallback: greets },
  open: {
    value: 'false',
    says: /counts as soon as it is there/,
    fallback: ({ widget }) => expect(widget.open).to.equal(true),
  },
};

describe('a value that makes no sense', () => {
  for (const [name, nonsense] of Object.entries(attributes)) {
    if (nonsense === anyText) {
      it(`there is none for ${name}: it holds any text, and nothing is said of it`, async () => {
        const visitor = await mountWidget({ [name]: '<b>{"nonsense"' });
        await visitor.open();
        expect(warnings).to.deep.equal([]);
      });
      continue;
    }
    const { value, beside, says, fallback } = nonsense;
    it(`of ${name} has what the documentation says instead, and one warning`, async () => {
      const visitor = await mountWidget({ [name]: value, ...beside });
      if (visitor.widget.open) await visitor.isOpen();
      else await visitor.open();
      await until(() => warnings.length > 0, 'a warning');
      await fallback(visitor);
      // Whatever is read again is not told again.
      visitor.widget.setAttribute('data-user-name', 'Mia');
      visitor.widget.setAttribute('position', visitor.widget.getAttribute('position') ?? 'end');
      await nextTask();
      await nextTask();
      const told = warnings.filter((text) => says.test(text));
      expect(told.length, warnings.join('\n')).to.equal(1);
      for (const text of warnings)
        expect(text)
          .to.match(/^<chat-widget>: /)
          .and.not.to.include('eyJ');
    });
  }

  it('no agent at all is said, too', async () => {
    const visitor = await mountWidget({ 'agent-id': '' });
    visitor.launcher.dispatchEvent(new PointerEvent('pointerenter'));
    await until(() => warnings.some((text) => text.includes('agent-id is missing')), 'a warning');
  });

  it('is not told to a page whose chat nobody means to open', async () => {
    await mountWidget({ mode: 'sideways', theme: 'pink' });
    await nextTask();
    await nextTask();
    expect(warnings).to.deep.equal([]);
  });
});
