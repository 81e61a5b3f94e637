import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { canariesIn, canaryOf, Oracle } from '../../client/support/races/oracle.ts';
import { eventually } from './eventually.ts';
import { readPage, type Person, type Tab } from './person.ts';
import type { RaceSchedule, RaceStep } from './race-steps.ts';
import type { World } from './world.ts';

type ChatOfPage = (method: string, ...args: unknown[]) => Promise<unknown> | undefined;

/**
 * A browser with two tabs, on a network that delays, reorders and drops, in which one schedule runs after another: each
 * with people of its own, after a logout, and under the eye of one oracle, so that nothing of an earlier one is ever seen.
 */
export class RaceVisitor {
  readonly #world: World;
  readonly #person: Person;
  readonly #tabs: readonly [Tab, Tab];
  readonly #oracle: Oracle;
  readonly #subjects = new Map<string, string>();
  #people = '';
  #delaysMs: RaceSchedule['delaysMs'] = [0];
  #requestCount = 0;
  #checkedRequests = 0;

  static async visit(world: World): Promise<RaceVisitor> {
    const person = await world.person();
    person.expect(/./);
    const address = `${world.shop.url}/app`;
    const visitor = new RaceVisitor(world, person, [await person.open(address), await person.open(address)]);
    await visitor.#begin();
    return visitor;
  }

  private constructor(world: World, person: Person, tabs: readonly [Tab, Tab]) {
    this.#world = world;
    this.#person = person;
    this.#tabs = tabs;
    this.#oracle = new Oracle((token) => this.#subjects.get(token));
  }

  /** @param people what tells the people of this schedule from all others */
  async run({ steps, delaysMs }: RaceSchedule, people: string): Promise<void> {
    this.#people = people;
    this.#delaysMs = delaysMs;
    for (const step of [...steps, { do: 'network', isOnline: true }, { do: 'logout', tab: 0 }] as const) {
      await this.#take(step);
      await this.#check();
    }
    this.#checkRequests();
  }

  /** Looks at what the server has stored, and closes the browser. */
  async leave(): Promise<void> {
    this.#delaysMs = [0];
    const stored = new Set(this.#subjects.values());
    await Promise.all([...stored].map((sub) => this.#checkStored(sub)));
    await this.#person.leave();
  }

  async #begin(): Promise<void> {
    await this.#person.context.route(/\/v1\/agents\//, async (route) => {
      const delayMs = this.#delaysMs[this.#requestCount++ % this.#delaysMs.length];
      if (delayMs === undefined) return route.abort();
      if (delayMs > 0) await new Promise((resolve) => void setTimeout(resolve, delayMs));
      await route.continue().catch(() => undefined);
    });
    for (const { chat } of this.#tabs) await chat.open();
  }

  async #take(step: RaceStep): Promise<void> {
    const { context } = this.#person;
    if (step.do === 'network') return context.setOffline(!step.isOnline);
    const { page, chat } = this.#tabs[step.tab];
    if (step.do === 'type') return say(page, 'send', canaryOf(this.#oracle.type(step.tab).n));
    if (step.do === 'newConversation') return say(page, 'newConversation');
    if (step.do === 'identify') return this.#identify(step);
    if (step.do === 'logout') return this.#logout(step.tab);
    await context.setOffline(false);
    this.#oracle.navigate(step.tab);
    await page.reload({ waitUntil: 'commit' });
    await chat.open();
  }

  async #identify({ tab, as, isGood }: Extract<RaceStep, { do: 'identify' }>): Promise<void> {
    const sub = `${as}-${this.#people}`;
    const key = isGood ? {} : { secret: 'of-another-shop-that-has-nothing-to-do-with-it' };
    const token = this.#world.sign({ sub }, key);
    this.#subjects.set(token, sub);
    await say(this.#tabs[tab].page, 'identify', token);
    this.#oracle.identify(tab, sub);
  }

  async #logout(tab: 0 | 1): Promise<void> {
    await say(this.#tabs[tab].page, 'logout');
    this.#oracle.logout(tab);
    const other = tab === 0 ? 1 : 0;
    await eventually(async () => {
      const { identity } = await readPage(this.#tabs[other].page);
      assert.equal(identity?.state, 'anonymous');
    });
    this.#oracle.hear(other);
  }

  /** In every shadow root, in fields and in storage: nothing of anybody else. */
  async #check(): Promise<void> {
    const seen = await Promise.all(this.#tabs.map(({ page }) => readPage(page)));
    for (const at of [0, 1] as const) {
      const { identity, document, storage } = seen[at] ?? assert.fail();
      if (identity?.state === 'verified') this.#oracle.proved(at, identity.subject ?? '');
      this.#oracle.checkShown(at, document);
      this.#oracle.checkStorage(at, storage);
    }
  }

  /** Nothing has left under another name than its author's, nor without one. */
  #checkRequests(): void {
    const sent = this.#person.requests('/demo/chat');
    for (const { headers, body } of sent.slice(this.#checkedRequests)) {
      const token = headers['authorization']?.replace('Bearer ', '');
      const sender = token === undefined ? undefined : this.#subjects.get(token);
      for (const n of canariesIn(body)) {
        const author = this.#authorOf(n);
        if (author !== undefined) assert.equal(sender, author, `«${n}» of ${author} left as ${sender ?? 'nobody'}`);
      }
    }
    this.#checkedRequests = sent.length;
  }

  async #checkStored(sub: string): Promise<void> {
    const headers = { authorization: `Bearer ${this.#world.sign({ sub })}` };
    const read = async (path: string): Promise<unknown> => (await this.#world.fetch(path, { headers })).json();
    const { conversations } = (await read('/conversations')) as { conversations: { id: string }[] };
    const pages = await Promise.all(conversations.map(({ id }) => read(`/conversations/${id}/messages`)));
    const messages = pages.flatMap((page) => (page as { messages: { role: string }[] }).messages);
    const found = messages
      .filter(({ role }) => role === 'user')
      .flatMap((message) => canariesIn(JSON.stringify(message)));
    for (const n of found) {
      const author = this.#authorOf(n);
      if (author === undefined) continue;
      assert.equal(sub, author, `«${n}» of ${author} is stored as ${sub}'s`);
      assert.equal(found.filter((other) => other === n).length, 1, `«${n}» is stored twice`);
    }
  }

  #authorOf(n: number): string | undefined {
    return (this.#oracle.typed[n] ?? assert.fail(`«${n}» was never typed`)).author;
  }
}

/** Says it and does not wait for what comes of it. */
function say(page: Page, ...[method, ...args]: readonly [string, ...unknown[]]): Promise<void> {
  return page.evaluate(
    ([name, rest]) => {
      const { chat } = globalThis as unknown as { chat: ChatOfPage };
      void chat(name, ...rest)?.catch(() => undefined);
    },
    [method, args] as const,
  );
}
