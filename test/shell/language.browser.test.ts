import { expect } from '@open-wc/testing';
import type { ChatMessage } from '../../src/protocol/index.ts';
import { backend, useBackend } from './support/backend.ts';
import { until } from './support/until.ts';
import { useRejections, useWarnings } from './support/warnings.ts';
import { createWidget, mountWidget, type Visitor } from './support/widget.ts';

useBackend();
useRejections();
const warnings = useWarnings();

const section = (visitor: Visitor) => visitor.panel?.shadowRoot?.querySelector<HTMLElement>('section') ?? undefined;
const says = (visitor: Visitor, label: string) =>
  until(() => visitor.input?.ariaLabel === label, `a composer that says ${label}`);

describe('locale', () => {
  it('decides on the language of all that is said, and on its direction', async () => {
    const visitor = await mountWidget({ locale: 'ar' });
    await visitor.open();
    await says(visitor, 'رسالتك');
    expect(section(visitor)?.lang).to.equal('ar');
    expect(section(visitor)?.dir).to.equal('rtl');
    expect(visitor.launcher.ariaLabel).to.equal('الدردشة');
    expect(visitor.launcher.lang).to.equal('ar');
    expect(warnings).to.deep.equal([]);
  });

  it('decides on what the agent says first, and changes that with it', async () => {
    const greeting = 'Guten Tag!';
    backend.agent = {
      ...backend.agent,
      translations: { de: { greeting, suggestions: ['Wo ist meine Bestellung?'] }, pt: { greeting: 'Olá!' } },
    };
    const visitor = await mountWidget({ locale: 'de-AT' });
    await visitor.open();
    const welcome = (): string =>
      section(visitor)?.querySelector('.welcome')?.textContent.replaceAll(/\s+/g, ' ') ?? '';
    await until(() => welcome().includes(`${greeting} Wo ist meine Bestellung?`), 'it in German');
    visitor.widget.update({ locale: 'pt-BR' });
    await until(() => welcome().includes(`Olá! ${backend.agent.suggestions[0]}`), 'what there is of it in Portuguese');
    visitor.widget.update({ locale: 'he' });
    await until(() => welcome().includes(backend.agent.greeting), 'it as for all others');
    visitor.widget.update({ locale: 'de', strings: { greeting: 'Moin!' } });
    await until(() => welcome().includes('Moin! Wo ist'), 'the page’s own');
    visitor.widget.suggestions = ['Of the page'];
    await until(() => welcome().includes('Of the page'), 'the page’s own suggestions');
    visitor.widget.update({ locale: 'en' });
    visitor.widget.suggestions = undefined;
    await until(() => welcome().includes(`Moin! ${backend.agent.suggestions[0]}`), 'English again');
  });

  for (const locale of ['en-GB', 'en-AU']) {
    it(`has dates written as ${locale} does, in English that is built in`, async () => {
      const visitor = await mountWidget({ locale });
      await visitor.open();
      await says(visitor, 'Your message');
      expect(section(visitor)?.lang).to.equal(locale);
    });
  }

  it('may change at any time, without a draft or the focus getting lost', async () => {
    const visitor = await mountWidget({ locale: 'de' });
    await visitor.open();
    await says(visitor, 'Ihre Nachricht');
    visitor.say('Hallo');
    (await backend.reply()).begin('| a |\n| - |\n| b |').finish();
    const table = () => visitor.panel?.shadowRoot?.querySelector('[role=group]')?.ariaLabel;
    await until(() => table() === 'Tabelle', 'a table');
    visitor.write('half a sen');
    const { input } = visitor;
    input?.focus();
    visitor.widget.update({ locale: 'he' });
    await says(visitor, 'ההודעה שלך');
    expect(visitor.input === input).to.equal(true);
    expect(input?.value).to.equal('half a sen');
    expect(visitor.panel?.shadowRoot?.activeElement === input).to.equal(true);
    expect(section(visitor)?.dir).to.equal('rtl');
    await until(() => table() === 'טבלה', 'the table’s name in Hebrew');
    visitor.widget.removeAttribute('locale');
    await says(visitor, 'Your message');
    expect(section(visitor)?.dir).to.equal('ltr');
    expect(input?.value).to.equal('half a sen');
  });

  it('that is changed twice at once ends with the last', async () => {
    const visitor = await mountWidget({ locale: 'de' });
    await visitor.open();
    await says(visitor, 'Ihre Nachricht');
    visitor.widget.setAttribute('locale', 'pl');
    visitor.widget.setAttribute('locale', 'tr');
    await says(visitor, 'Mesajınız');
    expect(section(visitor)?.lang).to.equal('tr');
  });

  for (const locale of ['xx-nonsense!', '123', 'sv', 'zh-TW', '__proto__']) {
    it(`"${locale}", which there are no texts in, counts as none, with one warning`, async () => {
      const visitor = await mountWidget({ locale });
      await visitor.open();
      await says(visitor, 'Your message');
      visitor.widget.setAttribute('theme', 'dark');
      expect(warnings.filter((text) => text.includes(`locale="${locale}"`)).length).to.equal(1);
      expect(warnings.length).to.equal(1);
      expect(section(visitor)?.lang).to.match(/^en/);
    });
  }

  it('counts unread messages by its rules', async () => {
    const visitor = await mountWidget({ locale: 'pl' });
    await visitor.open();
    await says(visitor, 'Twoja wiadomość');
    visitor.say('Halo');
    const chat = await backend.reply();
    chat.begin('Dzień dobry.').finish();
    await visitor.sees('Dzień dobry.');
    await visitor.heard('message-received');
    visitor.launcher.click();
    const { id, messages } = JSON.parse(backend.calls('/chat')[0]?.body ?? '') as {
      id: string;
      messages: ChatMessage[];
    };
    const news: ChatMessage = { id: 'news', role: 'assistant', parts: [{ type: 'text', text: 'Nowość.' }] };
    backend.stored = [...messages, news];
    backend.live('message', { conversationId: id, message: news });
    await until(() => visitor.launcher.ariaLabel === 'Czat, 1 nieprzeczytana wiadomość', 'an unread message');
  });
});

describe('strings', () => {
  it('take the place of a language’s texts, and may change', async () => {
    const visitor = await mountWidget({ locale: 'de' });
    visitor.widget.strings = { message: 'Ihr Anliegen', launcher: 'Hilfe' };
    await visitor.open();
    await says(visitor, 'Ihr Anliegen');
    expect(visitor.launcher.ariaLabel).to.equal('Hilfe');
    expect(section(visitor)?.lang).to.equal('de');
    visitor.widget.strings = undefined;
    await says(visitor, 'Ihre Nachricht');
  });

  it('take the place of English, set before the widget is on the page or as an option', async () => {
    const widget = createWidget();
    widget.strings = { message: 'Your question' };
    const visitor = await mountWidget();
    visitor.widget.replaceWith(widget);
    widget.open = true;
    const label = () =>
      widget.shadowRoot?.querySelector('chat-panel')?.shadowRoot?.querySelector('textarea')?.ariaLabel;
    await until(() => label() === 'Your question', 'the page’s text');
    widget.update({ strings: { message: 'Your wish' } });
    await until(() => label() === 'Your wish', 'the page’s other text');
  });

  it('of another kind are not used, with one warning', async () => {
    const visitor = await mountWidget();
    Object.assign(visitor.widget, { strings: { message: 5, close: 'Away', charactersLeft: 'few' } });
    await visitor.open();
    await until(() => visitor.button('Away'), 'the page’s text');
    expect(visitor.input?.ariaLabel).to.equal('Your message');
    expect(warnings.length).to.equal(1);
    expect(warnings[0]).to.match(/strings\.message, strings\.charactersLeft/);
  });
});
