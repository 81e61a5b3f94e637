import { expect } from '@open-wc/testing';
import { html, LitElement, type TemplateResult } from 'lit';
import { connection, idOf, PagedList } from '../../server/dashboard/src/api/index.ts';
import { fillScreen, listing } from '../../server/dashboard/src/conversation/listing.ts';
import { until } from '../shell/support/until.ts';
import {
  answer,
  calls,
  isShown,
  json,
  openDashboard,
  press,
  problem,
  shown,
  unreachable,
  useDashboard,
} from './support/dashboard.ts';
import { conversation } from './support/listed-conversation.ts';

useDashboard();

const asks = { state: 'requested' } as const;
const rows = (): number => document.querySelectorAll('.conversation-row').length;
const asked = (path: string): number => calls.filter((call) => call.path === path).length;
/** Each drawing would be an occasion to ask once more. */
async function drawnAgain(): Promise<void> {
  for (let times = 0; times < 20; times += 1) await new Promise(requestAnimationFrame);
}

describe('a list that cannot be loaded anew', () => {
  it('stays as it is, asks once, and has each row once when it was tried again', async () => {
    const opened = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
    const body = new ReadableStream<Uint8Array>({ start: opened.resolve });
    answer('get', 'events', () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
    answer('get', 'agents', () => json({ agents: [] }));
    const all = [conversation('1', { handoff: asks }), conversation('2', { handoff: asks }), conversation('3')];
    const answerAll = (): void => answer('get', 'conversations', () => json({ conversations: all, nextBefore: null }));
    answerAll();
    await openDashboard('/dashboard/inbox');
    await isShown('2 visitors ask for a person.');
    answer('get', 'conversations', () => problem(503, 'unavailable', { detail: 'The database is away.' }));
    const event = JSON.stringify({ type: 'conversation', kind: 'message', conversationId: '1' });
    (await opened.promise).enqueue(new TextEncoder().encode(`data: ${event}\n\n`));
    await isShown('The database is away.');
    await drawnAgain();
    expect(asked('conversations')).to.equal(2);
    expect(rows()).to.equal(3);
    const message = document.querySelector('main [role="alert"]') ?? expect.fail('no alert');
    const list = document.querySelector('cw-virtual-list') ?? expect.fail('no list');
    expect(message.compareDocumentPosition(list)).to.equal(Node.DOCUMENT_POSITION_FOLLOWING);
    answerAll();
    press('Try again');
    await until(() => asked('conversations') === 3, 'another try');
    await until(() => document.querySelector('main [aria-busy="false"]'), 'the list anew');
    expect(shown('The database is away.')).to.equal(false);
    expect(rows()).to.equal(3);
    expect(shown('2 visitors ask for a person.')).to.equal(true);
    expect(asked('conversations')).to.equal(3);
  });
});

type Row = { readonly id: string; readonly text: string };
const page = (from: number, text = 'as first read') =>
  Array.from({ length: 10 }, (_, index): Row => ({ id: `row ${from + index}`, text }));

class PagesElement extends LitElement {
  readonly asked: (string | undefined)[] = [];
  fetchPage = async (before: string | undefined) =>
    before === undefined ? { items: page(0), nextBefore: '10' } : { items: page(10), nextBefore: null };
  readonly list = new PagedList<Row>(this, idOf, (before) => {
    this.asked.push(before);
    return this.fetchPage(before);
  });

  protected override createRenderRoot(): this {
    return this;
  }

  protected override updated(): void {
    fillScreen(this.list);
  }

  protected override render(): TemplateResult {
    const row = ({ id, text }: Row): TemplateResult => html`<p class="row">${id} ${text}</p>`;
    return listing({ list: this.list, label: 'Rows', row, rowHeight: 20, empty: () => html`` });
  }
}
customElements.define('lists-pages', PagesElement);

describe('a list page by page', () => {
  const hosts: Element[] = [];
  afterEach(() => {
    for (const host of hosts.splice(0)) host.remove();
  });
  async function open(prepare: (element: PagesElement) => void = () => undefined): Promise<PagesElement> {
    const element = new PagesElement();
    prepare(element);
    hosts.push(element);
    document.body.append(element);
    await until(() => element.list.current.state !== 'loading' && element.list.items.length > 0, 'rows');
    return element;
  }
  const ids = ({ list }: PagesElement): string[] => list.items.map(({ id }) => id);
  const twenty = Array.from({ length: 20 }, (_, index) => `row ${index}`);
  const failing = async (): Promise<never> => {
    throw new TypeError('away');
  };

  it('has a row once that has come to stand on the next page, as it is by then', async () => {
    const element = await open((made) => {
      made.fetchPage = async (before) =>
        before === undefined
          ? { items: page(0), nextBefore: '9' }
          : { items: page(9, 'as read since'), nextBefore: null };
    });
    await until(() => element.list.current.state === 'end', 'the end');
    expect(ids(element)).to.deep.equal(twenty.slice(0, 19));
    expect(element.list.items[9]?.text).to.equal('as read since');
  });

  it('goes on where it was when a page was refused, and only when it is told to', async () => {
    const element = await open((made) => {
      const { fetchPage } = made;
      made.fetchPage = async (before) => (before === undefined ? fetchPage(before) : failing());
    });
    await until(() => element.list.current.state === 'failed', 'the failure');
    await element.list.loadMore();
    element.requestUpdate();
    await drawnAgain();
    expect(element.asked).to.deep.equal([undefined, '10']);
    element.fetchPage = async () => ({ items: page(10), nextBefore: null });
    element.querySelector('button')?.click();
    await until(() => element.list.current.state === 'end', 'the end');
    expect(element.asked).to.deep.equal([undefined, '10', '10']);
    expect(ids(element)).to.deep.equal(twenty);
  });

  it('keeps its place when it cannot be read anew', async () => {
    const element = await open((made) => {
      made.fetchPage = async (before) => ({ items: page(Number(before ?? 0)), nextBefore: before ? null : '10' });
    });
    await until(() => element.list.items.length === 20, 'two pages');
    const { fetchPage } = element;
    element.fetchPage = failing;
    await element.list.reload();
    expect(element.list.current.state).to.equal('failed');
    expect(ids(element)).to.deep.equal(twenty);
    element.fetchPage = fetchPage;
    await element.list.retry();
    await until(() => element.list.current.state === 'end', 'the end');
    expect(element.asked).to.deep.equal([undefined, '10', undefined, undefined, '10']);
    expect(ids(element)).to.deep.equal(twenty);
  });

  it('goes on by itself when the server can be reached again', async () => {
    answer('get', 'contacts', unreachable);
    answer('get', 'agents', () => json({ agents: [] }));
    await openDashboard('/dashboard/contacts');
    await isShown('The server cannot be reached');
    answer('get', 'contacts', () => json({ contacts: [], nextBefore: null }));
    connection.reached();
    await isShown('No contacts yet');
    expect(asked('contacts')).to.equal(2);
  });
});
