import { expect } from '@open-wc/testing';
import { html, LitElement, render, type TemplateResult } from 'lit';
import { api, ApiError, idOf, Loader, PagedList, path, subscribe } from '../../server/dashboard/src/api/index.ts';
import { confirmDialog, inlineStyle } from '../../server/dashboard/src/elements/index.ts';
import '../../server/dashboard/src/elements/virtual-list.ts';
import { formatRelative } from '../../server/dashboard/src/elements/times.ts';
import { nextTask, until } from '../shell/support/until.ts';
import {
  answer,
  describedBy,
  field,
  json,
  press,
  problem,
  type,
  unreachable,
  useDashboard,
} from './support/dashboard.ts';

useDashboard();

// What the list is made with asks for it; the build puts the answer in its place.
Object.assign(globalThis, { process: { env: { NODE_ENV: 'production' } } });

/** Something for controllers to belong to. */
class HostElement extends LitElement {}
customElements.define('kit-host', HostElement);

const hosts: HTMLElement[] = [];
function host(): HostElement {
  const element = new HostElement();
  hosts.push(element);
  return element;
}
afterEach(() => {
  for (const element of hosts.splice(0)) element.remove();
});

const failure = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => Promise.reject(new Error('It did not fail')),
    (error: unknown) => error as ApiError,
  );

describe('calls of the API', () => {
  it('encode what is put into a path', async () => {
    answer('get', 'contacts/a%2Fb/*', () => json({}));
    expect(path`contacts/${'a/b'}/${'../x?y#z'}`).to.equal('contacts/a%2Fb/..%2Fx%3Fy%23z');
  });

  const rows = [
    { status: 422, code: 'invalid_input', fields: { name: 'Too long.' } },
    { status: 403, code: 'forbidden', fields: {} },
    { status: 409, code: 'conflict', fields: {} },
    { status: 500, code: 'internal', fields: {} },
  ] as const;
  for (const { status, code, fields } of rows) {
    it(`fail with the server’s problem: ${code}`, async () => {
      answer('post', 'agents', () => problem(status, code, { fields, detail: 'As the server says.' }));
      const error = await failure(api.post('agents', {}));
      expect(error).to.include({ status, code, detail: 'As the server says.' });
      expect(error.fields).to.deep.equal(fields);
    });
  }

  it('fail with a sentence of our own where the answer is no problem', async () => {
    answer('get', 'agents', () => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    const error = await failure(api.get('agents'));
    expect(error.code).to.equal('unavailable');
    expect(error.detail).to.include('Try again in a moment');
  });

  it('fail as offline without an answer, and as unreadable with one that is no JSON', async () => {
    answer('get', 'agents', unreachable);
    expect((await failure(api.get('agents'))).code).to.equal('offline');
    answer('get', 'agents', () => new Response('<!doctype html>'));
    expect((await failure(api.get('agents'))).code).to.equal('unreadable');
  });
});

describe('Loader', () => {
  it('shows the latest call, whichever is answered last', async () => {
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    let asked = 0;
    const loader = new Loader(host(), () => answers[asked++]!.promise);
    document.body.append(hosts[0]!);
    void loader.reload();
    answers[1]!.resolve('second');
    await until(() => loader.value === 'second', 'the second');
    answers[0]!.resolve('first');
    await nextTask();
    expect(loader.value).to.equal('second');
  });

  it('aborts when its element leaves', async () => {
    let signal: AbortSignal | undefined;
    const element = host();
    const loader = new Loader(element, (given) => {
      signal = given;
      return new Promise<void>(() => undefined);
    });
    document.body.append(element);
    expect(loader.current.state).to.equal('loading');
    expect(signal?.aborted).to.equal(false);
    element.remove();
    expect(signal?.aborted).to.equal(true);
  });

  it('tries again by itself when the connection is back', async () => {
    const element = host();
    let tries = 0;
    const loader = new Loader(element, () =>
      ++tries === 1 ? Promise.reject(new ApiError(0, 'offline')) : Promise.resolve('there'),
    );
    document.body.append(element);
    await until(() => loader.current.state === 'failed', 'the failure');
    window.dispatchEvent(new Event('online'));
    await until(() => loader.value === 'there', 'the answer');
  });
});

type Row = { readonly id: string };

class ListElement extends LitElement {
  readonly list = new PagedList<Row>(this, idOf, async (before) => {
    const start = Number(before ?? 0);
    const items = Array.from({ length: 10_000 }, (_, index) => ({ id: `row ${start + index}` }));
    return { items, nextBefore: start >= 90_000 ? null : String(start + 10_000) };
  });

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<cw-virtual-list
      label="Rows"
      .items=${this.list.items}
      .itemKey=${(row: Row) => row.id}
      .renderItem=${(row: Row) => html`<a href="#row" style="display:block;height:40px">${row.id}</a>`}
      .loadMore=${this.list.loadMore}
      row-height="40"
    ></cw-virtual-list>`;
  }
}
customElements.define('kit-list', ListElement);

describe('a list of 100,000 rows', () => {
  async function open(): Promise<ListElement> {
    const element = new ListElement();
    hosts.push(element);
    document.body.append(element);
    await until(() => element.querySelector('li'), 'a row');
    return element;
  }
  const rows = (element: Element): string[] =>
    [...element.querySelectorAll('li')].map(({ innerText }) => innerText.trim());

  it('holds the rows near the window only, and asks for more near its end, until there are no more', async () => {
    const element = await open();
    for (let count = 10_000; count <= 100_000; count += 10_000) {
      await until(() => element.list.items.length >= count, `${count} rows`);
      window.scrollTo(0, document.documentElement.scrollHeight);
      if (count === 100_000) await until(() => rows(element).includes('row 99999'), 'the last row');
      else await until(() => element.list.items.length > count, 'the next page');
    }
    expect(element.list.current.state).to.equal('end');
    expect(element.querySelectorAll('li').length).to.be.below(60);
    expect(element.querySelector('ul')?.clientHeight).to.equal(100_000 * 40);
  });

  it('keeps the row that has the focus', async () => {
    const element = await open();
    const link = element.querySelector('a')!;
    link.focus();
    window.scrollTo(0, 100_000);
    await until(() => rows(element).some((text) => text === 'row 2500'), 'rows further down');
    expect(document.activeElement).to.equal(link);
    link.blur();
    window.scrollTo(0, 0);
  });
});

describe('confirmDialog', () => {
  const open = (action: () => Promise<unknown>): Promise<boolean> =>
    confirmDialog({ heading: 'Delete?', text: 'For ever.', confirm: 'Delete', typed: 'Shop', danger: true, action });

  it('does nothing before the name is typed, and says why', async () => {
    let done = 0;
    const confirmed = open(async () => ++done);
    await until(() => document.querySelector('cw-confirm-dialog input'), 'the dialog');
    type('Type “Shop” to confirm', 'shop');
    press('Delete');
    await until(() => describedBy(field('Type “Shop” to confirm')).includes('This is not'), 'the reason');
    expect(done).to.equal(0);
    type('Type “Shop” to confirm', 'Shop');
    press('Delete');
    expect(await confirmed).to.equal(true);
    expect(done).to.equal(1);
  });

  it('stays open where the server refuses, and gives the focus back when it is cancelled', async () => {
    const opener = document.createElement('button');
    hosts.push(opener);
    document.body.append(opener);
    opener.focus();
    const confirmed = open(() => Promise.reject(new ApiError(409, 'conflict')));
    await until(() => document.querySelector('cw-confirm-dialog input'), 'the dialog');
    type('Type “Shop” to confirm', 'Shop');
    press('Delete');
    await until(() => document.querySelector('cw-confirm-dialog .form-failure'), 'the reason');
    press('Cancel');
    expect(await confirmed).to.equal(false);
    expect(document.activeElement).to.equal(opener);
  });
});

describe('the small things', () => {
  it('style elements without the attribute that the policy refuses, and take back what is gone', () => {
    const box = document.createElement('div');
    const draw = (values: Record<string, string>) => render(html`<i ${inlineStyle(values)}></i>`, box);
    draw({ color: 'red', top: '1px' });
    draw({ color: 'blue' });
    expect(box.querySelector('i')?.style.cssText).to.equal('color: blue;');
  });

  const now = Date.parse('2026-11-20T12:00:00Z');
  for (const [iso, text] of [
    ['2026-11-20T11:59:40Z', 'just now'],
    ['2026-11-20T11:55:00Z', '5 minutes ago'],
    ['2026-11-20T09:00:00Z', '3 hours ago'],
    ['2026-11-19T12:00:00Z', 'yesterday'],
    ['nonsense', ''],
  ] as const) {
    it(`say ${iso} as “${text}”`, () => expect(formatRelative(iso, now)).to.equal(text));
  }

  it('hear what the server tells, until nobody listens', async () => {
    const stream = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
    let isClosed = false;
    const body = new ReadableStream<Uint8Array>({ start: stream.resolve, cancel: () => void (isClosed = true) });
    answer('get', 'events', () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
    const heard: string[] = [];
    const end = subscribe(({ type: kind, conversationId }) => heard.push(`${kind} ${conversationId}`));
    const controller = await stream.promise;
    const send = (text: string): void => controller.enqueue(new TextEncoder().encode(`data: ${text}\n\n`));
    for (const text of ['{', '{"no":"type"}', '{"type":"message","conversationId":"c1"}']) send(text);
    await until(() => heard.length > 0, 'the event');
    expect(heard).to.deep.equal(['message c1']);
    end();
    await until(() => isClosed, 'the end of the connection');
  });
});
