import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { canariesIn, canaryOf, Oracle } from '../client/support/races/oracle.ts';
import { waitForIdentity } from './support/page-api.ts';
import { everythingOn, type Tab } from './support/person.ts';
import { useWorld, type World } from './support/world.ts';

/**
 * Schedules of one run. All 200 take some minutes: `RACES_JOURNEYS=200 npm test -- journeys journeys/races`. `RACES_SEED`
 * runs others, or those of a failure again.
 */
const runs = Number(process.env['RACES_JOURNEYS'] ?? 20);
/** A test holds so many, to end within its time on a slow machine. */
const chunk = 20;
const seed = Number(process.env['RACES_SEED'] ?? 20_260);

type Step =
  | { readonly do: 'identify'; readonly tab: 0 | 1; readonly as: 'ada' | 'grace'; readonly isGood: boolean }
  | { readonly do: 'type' | 'logout' | 'reload' | 'newConversation'; readonly tab: 0 | 1 }
  | { readonly do: 'network'; readonly isOnline: boolean };

const tab = fc.constantFrom<0 | 1>(0, 0, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('identify' as const),
      tab,
      as: fc.constantFrom('ada' as const, 'grace' as const),
      isGood: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('type' as const), tab }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('logout' as const, 'reload' as const, 'newConversation' as const),
      tab,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('network' as const), isOnline: fc.boolean() }) },
);
const schedules = fc.record({
  steps: fc.array(step, { minLength: 5, maxLength: 9, size: 'max' }),
  /** Milliseconds that each request takes in turn, so that later ones overtake earlier ones; none is lost on the way. */
  delaysMs: fc.array(fc.constantFrom(0, 0, 20, 150, undefined), { minLength: 5, maxLength: 9 }),
});

/** Two tabs of somebody new in a real browser, on a network that delays, reorders and drops. */
class Run {
  readonly #world: World;
  readonly #n: number;
  readonly #oracle: Oracle;
  readonly #subjects = new Map<string, string>();
  #tabs: readonly Tab[] = [];

  constructor(world: World, n: number) {
    this.#world = world;
    this.#n = n;
    this.#oracle = new Oracle((token) => this.#subjects.get(token));
  }

  async run({
    steps,
    delaysMs,
  }: {
    readonly steps: readonly Step[];
    readonly delaysMs: readonly (number | undefined)[];
  }) {
    const person = await this.#world.person();
    person.expect(/./);
    this.#tabs = [await person.open(this.#address), await person.open(this.#address)];
    let count = 0;
    await person.context.route(/\/v1\/agents\//, async (route) => {
      const delayMs = delaysMs[count++ % delaysMs.length];
      if (delayMs === undefined) return route.abort();
      if (delayMs > 0) await new Promise((resolve) => void setTimeout(resolve, delayMs));
      await route.continue().catch(() => undefined);
    });
    for (const { chat } of this.#tabs) await chat.open();
    for (const each of steps) {
      await this.#take(each, person.context);
      await this.#check();
    }
    await person.context.setOffline(false);
    await person.context.unroute(/\/v1\/agents\//);
    await this.#check();
    this.#checkRequests(person.requests('/demo/chat'));
    await this.#checkStored();
  }

  get #address(): string {
    return `${this.#world.shop.url}/app`;
  }

  #page(at: 0 | 1): Page {
    return (this.#tabs[at] ?? assert.fail()).page;
  }

  async #take(each: Step, context: { setOffline(isOffline: boolean): Promise<void> }): Promise<void> {
    if (each.do === 'network') return context.setOffline(!each.isOnline);
    const page = this.#page(each.tab);
    if (each.do === 'type') return this.#say(page, 'send', canaryOf(this.#oracle.type(each.tab).n));
    if (each.do === 'newConversation') return this.#say(page, 'newConversation');
    if (each.do === 'identify') {
      const sub = `${each.as}-${this.#n}`;
      const token = this.#world.sign(
        { sub, jti: randomUUID() },
        each.isGood ? {} : { secret: 'of-another-shop-that-has-nothing-to-do-with-it' },
      );
      this.#subjects.set(token, sub);
      await this.#say(page, 'identify', token);
      return this.#oracle.identify(each.tab, sub);
    }
    if (each.do === 'logout') {
      await this.#say(page, 'logout');
      this.#oracle.logout(each.tab);
      const other = each.tab === 0 ? 1 : 0;
      await waitForIdentity(this.#page(other), 'anonymous');
      return this.#oracle.hear(other);
    }
    await context.setOffline(false);
    this.#oracle.navigate(each.tab);
    await page.reload();
    await (this.#tabs[each.tab] ?? assert.fail()).chat.open();
  }

  /** Says it and does not wait for what comes of it. */
  #say(page: Page, ...[method, ...args]: readonly [string, ...unknown[]]): Promise<void> {
    return page.evaluate(
      ([name, rest]) => {
        const { chat } = globalThis as unknown as { chat: (method: string, ...args: unknown[]) => Promise<unknown> };
        void chat(name, ...rest)?.catch(() => undefined);
      },
      [method, args] as const,
    );
  }

  /** In every shadow root, in fields and in storage: nothing of anybody else. */
  async #check(): Promise<void> {
    for (const at of [0, 1] as const) {
      const state = await this.#page(at).evaluate(
        () =>
          (globalThis as unknown as { chat: { state: { identity: { state: string; subject?: string } } } }).chat.state
            .identity,
      );
      if (state.state === 'verified') this.#oracle.proved(at, state.subject ?? '');
      const [shown, stored] = split(await everythingOn(this.#page(at)));
      this.#oracle.checkShown(at, shown);
      this.#oracle.checkStorage(at, stored);
    }
  }

  #checkRequests(sent: readonly { readonly headers: Readonly<Record<string, string>>; readonly body: string }[]): void {
    for (const { headers, body } of sent) {
      const token = headers['authorization']?.replace('Bearer ', '');
      for (const n of canariesIn(body)) {
        const { author } = this.#oracle.typed[n] ?? assert.fail(`«${n}» was never typed`);
        const sender = token === undefined ? undefined : this.#subjects.get(token);
        if (author !== undefined) assert.equal(sender, author, `«${n}» of ${author} left as ${sender ?? 'nobody'}`);
      }
    }
  }

  async #checkStored(): Promise<void> {
    for (const sub of [`ada-${this.#n}`, `grace-${this.#n}`]) {
      const headers = { authorization: `Bearer ${this.#world.sign({ sub, jti: randomUUID() })}` };
      const list = (await (await this.#world.fetch('/conversations', { headers })).json()) as {
        conversations: { id: string }[];
      };
      const pages = await Promise.all(
        list.conversations.map(async ({ id }) =>
          (await this.#world.fetch(`/conversations/${id}/messages`, { headers })).json(),
        ),
      );
      const messages = pages.flatMap((page) => (page as { messages: { role: string }[] }).messages);
      const found = messages
        .filter(({ role }) => role === 'user')
        .flatMap((message) => canariesIn(JSON.stringify(message)));
      for (const n of found) {
        const { author } = this.#oracle.typed[n] ?? assert.fail(`«${n}» was never typed`);
        if (author === undefined) continue;
        assert.equal(sub, author, `«${n}» of ${author} is stored as ${sub}'s`);
        assert.equal(found.filter((other) => other === n).length, 1, `«${n}» is stored twice`);
      }
    }
  }
}

/** Storage is the last line of all that a page holds. */
function split(everything: string): readonly [string, string] {
  const at = everything.lastIndexOf('\n');
  return [everything.slice(0, at), everything.slice(at + 1)];
}

describe('races in a real browser, against the real server', () => {
  const world = useWorld();
  const samples = fc.sample(schedules, { numRuns: runs, seed });

  for (let first = 0; first < runs; first += chunk) {
    const last = Math.min(first + chunk, runs);
    it(`A8 A9 W7 nobody's words are on another's screen, in another's storage or request, schedules ${first + 1} to ${last}`, async () => {
      for (let n = first; n < last; n++) {
        const schedule = samples[n] ?? assert.fail();
        await new Run(world, n).run(schedule).catch((error: unknown) => {
          const again = `RACES_SEED=${seed} RACES_JOURNEYS=${runs} npm test -- journeys journeys/races`;
          throw new Error(`schedule ${n}: ${JSON.stringify(schedule)}\nRun it again: ${again}`, { cause: error });
        });
        await world.checkPeople();
      }
    });
  }
});
