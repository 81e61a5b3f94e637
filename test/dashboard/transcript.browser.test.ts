import { expect } from '@open-wc/testing';
import { html, render } from 'lit';
import { transcript } from '../../server/dashboard/src/conversation/index.ts';
import { adoptDashboardStyles } from '../../server/dashboard/src/styles/index.ts';
import { applyTheme } from '../../server/dashboard/src/theme.ts';
import type { ChatMessage, MessagePart } from '../../src/protocol/index.ts';
import { violations } from '../panel/support/violations.ts';

const attack = '<img src=x onerror="window.attacked = true"> <script>window.attacked = true</script>';
const createdAt = '2026-11-03T14:05:00.000Z';
const names = { agent: 'Shop', visitor: 'Ada', site: 'https://shop.example' as string | null };
const box = document.createElement('main');

function draw(...messages: readonly ChatMessage[]): HTMLElement {
  return drawFor(names.site, ...messages);
}

function drawFor(site: string | null, ...messages: readonly ChatMessage[]): HTMLElement {
  render(
    html`<h2>Messages</h2>
      ${transcript(messages, { ...names, site })}`,
    box,
  );
  return box;
}

const said = (role: ChatMessage['role'], parts: readonly MessagePart[], metadata = {}): ChatMessage => ({
  id: crypto.randomUUID(),
  role,
  parts,
  metadata: { createdAt, ...metadata },
});
const text = (value: string): MessagePart => ({ type: 'text', text: value });
const texts = (selector: string): string[] =>
  [...box.querySelectorAll(selector)].map((node) => node.textContent.trim());

describe('a transcript', () => {
  before(() => {
    adoptDashboardStyles();
    document.body.append(box);
  });
  after(() => {
    box.remove();
    applyTheme('system');
  });

  it('shows what a visitor wrote as written, and an answer as the widget draws it', () => {
    draw(
      said('user', [text('**Where** is\nit?')]),
      said('assistant', [text('It is **here**.')], { status: 'complete' }),
    );
    expect(texts('.visitor .written')).to.deep.equal(['**Where** is\nit?']);
    expect(texts('cw-markdown-text strong')).to.deep.equal(['here']);
    expect(texts('article header > bdi')).to.deep.equal(['Ada', 'Shop']);
    expect(box.querySelector('time')?.dateTime).to.equal(createdAt);
  });

  it('leads by a path to the site that the answer was written for, and nowhere where that is not known', () => {
    const answers = '[Refunds](/help/refunds) [Rates](https://other.example/rates) ![Map](/map.png)';
    const hrefs = (): string[] =>
      [...box.querySelectorAll<HTMLAnchorElement>('cw-markdown-text a')].map(({ href }) => href);
    for (const site of [null, 'javascript:alert(1)', 'file:///etc']) {
      drawFor(site, said('assistant', [text(answers)], { status: 'complete' }));
      expect(hrefs(), String(site)).to.deep.equal(['https://other.example/rates']);
      expect(texts('cw-markdown-text')[0]).to.contain('Refunds (/help/refunds)');
    }
    draw(said('assistant', [text(answers)], { status: 'complete' }));
    expect(hrefs()).to.deep.equal(['https://shop.example/help/refunds', 'https://other.example/rates']);
    expect(box.querySelector<HTMLElement>('.image')?.dataset['source']).to.equal('https://shop.example/map.png');
  });

  it('makes nothing of what is said but text, whoever says it', () => {
    const part = { toolName: attack, toolCallId: '1', input: { attack }, output: attack } as const;
    draw(
      said('user', [
        text(attack),
        { type: 'file', mediaType: 'text/html', url: 'javascript:alert(1)', filename: attack },
      ]),
      said('assistant', [
        text(`${attack} [here](javascript:alert(1))`),
        { type: 'dynamic-tool', state: 'output-available', ...part },
        { type: 'source-url', sourceId: '1', url: 'javascript:alert(1)', title: attack },
        { type: 'source-document', sourceId: '2', mediaType: 'text/plain', title: attack },
        { type: 'data-handoff', data: { state: 'active', name: attack } },
        { type: 'data-else', data: attack },
      ]),
    );
    expect(box.querySelectorAll('script, img, iframe, a[href^="javascript"]').length).to.equal(0);
    expect('attacked' in window).to.equal(false);
    expect(box.textContent).to.include('onerror');
  });

  it('says how each action ended, with what went in and came out', () => {
    const action = (state: string, more = {}) =>
      ({
        type: 'dynamic-tool',
        toolName: 'find_order',
        toolCallId: state,
        state,
        input: { id: 7 },
        ...more,
      }) as MessagePart;
    const parts = [
      action('input-available'),
      action('approval-requested', { approval: { id: 'a' } }),
      action('output-available', { output: { text: 'On its way' } }),
      action('output-error', { errorText: 'No such order' }),
      action('output-denied', { approval: { id: 'a', approved: false } }),
      action('output-denied', { approval: { id: 'a', approved: false, reason: 'expired' } }),
    ];
    draw(said('assistant', parts, { status: 'complete' }));
    expect(texts('.action .badge')).to.deep.equal([
      'Did not finish',
      'Waits for the visitor’s approval',
      'Done',
      'Failed',
      'Declined by the visitor',
      'Not approved in time',
    ]);
    expect(texts('.action pre')).to.include('{\n  "id": 7\n}').and.to.include('No such order');
    expect(texts('.action pre').some((value) => value.includes('On its way'))).to.equal(true);
  });

  it('links the files of this dashboard and no others, and each source once', () => {
    const own = '/dashboard/api/conversations/c1/attachments/f1';
    const source = { type: 'source-url', sourceId: '1', url: 'https://shop.example/help', title: 'Help' } as const;
    draw(
      said('user', [
        { type: 'file', mediaType: 'application/pdf', url: own, filename: 'bill.pdf' },
        { type: 'file', mediaType: 'image/png', url: 'https://evil.example/x.png', filename: 'x.png' },
      ]),
      said('assistant', [source, { ...source, sourceId: '2' }], { status: 'complete' }),
    );
    const links = [...box.querySelectorAll('a')].map((link) => link.getAttribute('href'));
    expect(links).to.deep.equal([own, 'https://shop.example/help']);
    expect(box.querySelector('img')).to.equal(null);
    expect(texts('.sources a')[0]).to.match(/Help\s+shop.example/);
  });

  it('says who wrote, what was thought of it, and what became of an answer', () => {
    draw(
      said('assistant', [text('I am Olga.')], { author: { kind: 'operator', name: 'Olga' } }),
      said('assistant', [text('No.')], { status: 'complete', feedback: { rating: 'down', comment: '<b>bad</b>' } }),
      said('assistant', [text('It')], { status: 'stopped' }),
      said('user', [text('Where?')], { editedFrom: 'm0' }),
    );
    expect(texts('.person header > bdi')).to.deep.equal(['Olga']);
    expect(texts('.feedback .badge, .feedback .written')).to.deep.equal(['Rated not helpful', '<b>bad</b>']);
    expect(texts('.aside')).to.deep.equal(['The visitor stopped this answer.']);
    expect(texts('header > span:last-child')).to.include('edited');
  });

  it('lets an answer grow', async () => {
    const growing = said('assistant', [text('It is **he')], { status: 'streaming' });
    draw(growing);
    const element = box.querySelector('cw-markdown-text');
    draw({ ...growing, parts: [text('It is **here**.')], metadata: { createdAt, status: 'complete' } });
    expect(box.querySelector('cw-markdown-text')).to.equal(element);
    expect(element?.textContent).to.equal('It is here.');
    expect(texts('.aside')).to.deep.equal([]);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds wrong, ${theme}`, async () => {
      applyTheme(theme);
      draw(
        said('user', [text('Where?')]),
        said('assistant', [
          text('# Here\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\n1\n```\n\n![cat](https://a.example/cat.png)'),
          { type: 'dynamic-tool', toolName: 'find', toolCallId: '1', state: 'output-available', input: 1, output: 2 },
          { type: 'source-url', sourceId: '1', url: 'https://shop.example/help', title: 'Help' },
        ]),
      );
      box.querySelector('details')?.setAttribute('open', '');
      expect(await violations(box)).to.deep.equal([]);
    });
  }
});
