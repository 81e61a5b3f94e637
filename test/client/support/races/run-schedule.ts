import assert from 'node:assert/strict';
import type { ChatSnapshot } from '../../../../src/client/index.ts';
import { Browser, type Page } from './browser.ts';
import { Network, type Backend } from './network.ts';
import { canariesIn, canaryOf, Oracle } from './oracle.ts';
import type { Schedule, Step, User } from './steps.ts';
import { Writer } from './writer.ts';

export type StoredConversation = { readonly id: string; readonly owner: string; readonly texts: readonly string[] };

/** A server that a schedule can run against: the model, or a real one. */
export type Server = Backend & {
  readonly clock: { now: number };
  sign(sub: string, options?: { readonly isGood?: boolean }): string;
  /** Ends the token's sign-in, and tells no page but by its live events. */
  revoke(token: string): void | Promise<void>;
  subjectOf(token: string): string | undefined;
  /** Undefined for a token that is good at this moment. */
  refusal(token: string): string | undefined;
  setHoldsReplies(holds: boolean): void;
  running(): readonly string[];
  finishReply(conversationId: string): void;
  /** What time does by itself. */
  tick(): void;
  /** Resolves when nothing happens by itself any more. */
  settle(): Promise<void>;
  /** All that is stored: whose, and the texts of visitors. */
  stored(): Promise<readonly StoredConversation[]>;
};

/** The client waits for a provider this long. */
const providerTimeoutMs = 30_000;

type Last = { readonly token: string | undefined } | undefined;

/** Two tabs of a browser, a network and a server, and the schedule of what happens. Throws where a promise is broken. */
export async function runSchedule({ steps, onInvalidToken, ...rest }: Schedule, server: Server): Promise<void> {
  const run = new Run(server, rest.skewHours, onInvalidToken === 'anonymous');
  server.setHoldsReplies(rest.holdsReplies);
  for (const step of steps) await run.take(step);
  await run.end();
}

class Run {
  readonly #server: Server;
  readonly #network: Network;
  readonly #browser: Browser;
  readonly #oracle: Oracle;
  readonly #pages: [Page, Page];
  /** The latest token of each user: a page that is drawn again has the same one. */
  readonly #tokens = new Map<User, string>();
  /** What the page of each tab said last. */
  readonly #last: [Last, Last] = [undefined, undefined];
  /** Messages whose senders were told that they are gone. */
  readonly #superseded = new Set<number>();
  readonly #writer: Writer;
  /** Counts what pages have said, so that a provider's answer that comes too late is known. */
  readonly #rounds: [number, number] = [0, 0];
  readonly #epochs: [number, number] = [0, 0];
  #isSpeaking = false;
  #heard = () => {};
  #failure: Error | undefined;

  constructor(server: Server, skewHours: number, goesOn: boolean) {
    this.#server = server;
    this.#network = new Network(server);
    this.#oracle = new Oracle((token) => server.subjectOf(token), goesOn);
    this.#browser = new Browser(this.#network, server.clock, skewHours * 3_600_000, {
      onCall: (page, call) => this.#guard(() => this.#oracle.checkCall(this.#pages[0].id === page ? 0 : 1, call)),
    });
    this.#writer = new Writer(this.#oracle);
    this.#pages = [this.#open(0), this.#open(1)];
  }

  async take(step: Step): Promise<void> {
    if ('tab' in step && this.#pages[step.tab].isFrozen && step.do !== 'wake') return;
    await this.#do(step);
    await this.#pause();
    this.#check();
  }

  /** The network settles, everybody comes back: whatever was not dropped has been delivered, once. */
  async end(): Promise<void> {
    for (const tab of [0, 1] as const) {
      this.#wake(tab, false);
      this.#pages[tab].client.load();
    }
    this.#browser.setOnline(true);
    await this.#settle();
    for (const tab of [0, 1] as const) this.#checkLast(tab);
    for (const tab of [0, 1] as const) await this.#comeBack(tab);
    const stored = await this.#server.stored();
    for (const tab of [0, 1] as const) this.#checkScreen(tab, stored);
    this.#checkDelivered(stored);
    this.#browser.end();
  }

  async #do(step: Step): Promise<void> {
    switch (step.do) {
      case 'identify':
        return this.#identify(step);
      case 'type':
        return this.#type(step.tab);
      case 'edit':
      case 'comment':
      case 'draft':
      case 'lateDraft':
      case 'attach':
        // Whose that is when the sign-in is over depends on more than the schedule knows.
        if (this.#hasEnded(step.tab) && !/draft/i.test(step.do)) return;
        return this.#guard(() => this.#writer[step.do](step.tab, this.#pages[step.tab].client));
      case 'navigate':
        return this.#navigate(step.tab);
      case 'freeze':
        return this.#browser.freeze(this.#pages[step.tab]);
      case 'wake':
        return this.#wake(step.tab, step.areTimersFirst);
      case 'deliver':
        return void (await this.#network.deliver(step.index, step.times));
      case 'lose':
        return this.#network.lose(step.index);
      case 'revoke':
        return this.#server.revoke(this.#tokens.get(step.as) ?? this.#sign(step.as, true));
      case 'finishReply':
        return this.#finishReply(step.index);
      case 'advance':
        return this.#advance(step.seconds);
      case 'network':
        return this.#browser.setOnline(step.isOnline);
      default:
        return this.#use(step.do, step.tab);
    }
  }

  #use(what: 'logout' | 'load' | 'newConversation' | 'openConversation' | 'retry' | 'stop', tab: 0 | 1): void {
    const { client } = this.#pages[tab];
    const { conversations, messages } = client.snapshot;
    const failed = messages.find(({ delivery }) => delivery === 'failed');
    if (what === 'load') client.load();
    else if (what === 'newConversation') client.newConversation();
    else if (what === 'stop') client.stop();
    else if (what === 'retry') failed && client.retry(failed.id);
    else if (what === 'openConversation') conversations[0] && client.openConversation(conversations.at(-1)?.id ?? '');
    else {
      this.#said(tab, undefined);
      this.#oracle.logout(tab);
      void client.logout();
    }
  }

  #identify({ tab, as, how }: Extract<Step, { do: 'identify' }>): void {
    const { client } = this.#pages[tab];
    this.#oracle.hear(tab);
    if (how === 'provider') {
      const round = this.#said(tab, null);
      return void client.identify(() => this.#provide(tab, as, round)).catch(() => undefined);
    }
    const known = this.#tokens.get(as);
    const token = how === 'again' && known !== undefined ? known : this.#sign(as, how !== 'forged');
    this.#said(tab, token);
    // It may first have to follow a logout of the other tab; what it shows counts when it returns.
    this.#isSpeaking = true;
    void client.identify(token).catch(() => undefined);
    this.#isSpeaking = false;
    this.#oracle.identify(tab, as);
    this.#guard(() => this.#see(tab, client.snapshot));
  }

  /** The page's server gives a token when the schedule says so. */
  #provide(tab: 0 | 1, as: User, round: number): Promise<string> {
    const askedAt = this.#browser.clock.now;
    const { logouts } = this.#oracle;
    return new Promise((resolve, reject) => {
      const answer = () => {
        const token = this.#sign(as, true);
        const isLate = this.#browser.clock.now - askedAt >= providerTimeoutMs;
        const isAwaited = !isLate && logouts === this.#oracle.logouts;
        if (this.#rounds[tab] === round && isAwaited) {
          this.#last[tab] = { token };
          // The client hears of it when it has the promise's value, within this step.
          this.#isSpeaking = true;
          this.#heard = () => this.#oracle.identify(tab, as);
        }
        resolve(token);
      };
      this.#network.send('token', this.#pages[tab].id, answer, () => reject(new Error('no')));
    });
  }

  /** @param token null where it is still to come */
  #said(tab: 0 | 1, token: string | undefined | null): number {
    this.#last[tab] = token === null ? undefined : { token };
    return ++this.#rounds[tab];
  }

  #sign(as: User, isGood: boolean): string {
    const token = this.#server.sign(as, { isGood });
    if (isGood) this.#tokens.set(as, token);
    return token;
  }

  /** Whether the sign-in is over, and what is said now is nobody's. */
  #hasEnded(tab: 0 | 1): boolean {
    const { state } = this.#pages[tab].client.snapshot.identity;
    return state === 'expired' || state === 'rejected';
  }

  #goesOnWithout(tab: 0 | 1): boolean {
    const { agent } = this.#pages[tab].client.snapshot;
    return this.#hasEnded(tab) && agent?.features['anonymousFallback'] === true;
  }

  #type(tab: 0 | 1): void {
    if (this.#goesOnWithout(tab)) this.#oracle.fallBack(tab);
    const typed = this.#oracle.type(tab);
    this.#pages[tab].client.send(canaryOf(typed.n)).catch((error: unknown) => {
      if ((error as { code?: unknown }).code === 'superseded') this.#superseded.add(typed.n);
    });
  }

  #navigate(tab: 0 | 1): void {
    this.#writer.leave(tab);
    this.#browser.leave(this.#pages[tab]);
    this.#said(tab, undefined);
    this.#last[tab] = undefined;
    this.#oracle.navigate(tab);
    this.#pages[tab] = this.#open(tab);
  }

  #wake(tab: 0 | 1, areTimersFirst: boolean): void {
    // What it hears of first may be the timer or the wake-up; in both cases nothing of before goes out or stays.
    this.#oracle.hear(tab);
    this.#browser.wake(this.#pages[tab], areTimersFirst);
  }

  #finishReply(index: number): void {
    const running = this.#server.running();
    const id = running[index % running.length];
    if (id !== undefined) this.#server.finishReply(id);
  }

  #advance(seconds: number): void {
    this.#browser.clock.now += seconds * 1000;
    this.#server.tick();
    this.#browser.fire();
  }

  #open(tab: 0 | 1): Page {
    const page = this.#browser.open(tab);
    this.#epochs[tab] = 0;
    page.client.subscribe((snapshot) => {
      if (this.#pages[tab] === page) this.#guard(() => this.#see(tab, snapshot));
    });
    return page;
  }

  /** What a page shows may tell that it has heard of something that the schedule has only sent off. */
  #see(tab: 0 | 1, snapshot: ChatSnapshot): void {
    const { identity } = snapshot;
    const seat = this.#oracle.seats[tab];
    if (identity.state === 'anonymous' && seat.owner !== undefined) {
      assert.ok(seat.logouts < this.#oracle.logouts, `tab ${tab} has forgotten ${seat.owner}`);
    }
    const isNew = snapshot.epoch > this.#epochs[tab];
    this.#epochs[tab] = snapshot.epoch;
    // A new epoch of nobody is a logout, of this tab or of one that it has heard.
    if (isNew && identity.state === 'anonymous') this.#oracle.hear(tab);
    if (isNew && identity.state === 'rejected' && identity.reason === 'revoked') this.#oracle.revoked(tab);
    if (identity.state === 'verified') this.#oracle.proved(tab, identity.subject);
    if (!this.#isSpeaking) this.#oracle.checkSnapshot(tab, snapshot);
  }

  /** What fails within a call of the client's fails the schedule, whatever the client makes of it. */
  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#failure ??= error as Error;
    }
  }

  #check(): void {
    for (const tab of [0, 1] as const) {
      if (this.#pages[tab].isFrozen) continue;
      this.#guard(() => this.#oracle.checkSnapshot(tab, this.#pages[tab].client.snapshot));
      this.#guard(() => this.#oracle.checkStorage(tab, [...this.#browser.storages[tab].values()].join()));
    }
    this.#guard(() => assert.deepEqual(canariesIn([...this.#browser.shared.values()].join()), []));
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #pause(): Promise<void> {
    await this.#server.settle();
    await new Promise(setImmediate);
    this.#isSpeaking = false;
    this.#heard();
    this.#heard = () => {};
  }

  /** All that is under way arrives in its order, all replies end, and what waits for its time has it. */
  async #settle(): Promise<void> {
    for (let quiet = 0, rounds = 0; quiet < 4; rounds++) {
      assert.ok(rounds < 400, 'it never comes to rest');
      let isBusy = false;
      for (const id of this.#server.running()) {
        this.#server.finishReply(id);
        isBusy = true;
      }
      for (let n = 0; n < 30 && (await this.#network.deliver(0)); n++) {
        isBusy = true;
        await this.#pause();
      }
      quiet = isBusy ? 0 : quiet + 1;
      this.#advance(6);
      await this.#pause();
      this.#check();
    }
  }

  /** The last word of a page counts, whatever was under way when it was said. */
  #checkLast(tab: 0 | 1): void {
    const last = this.#last[tab];
    const { identity } = this.#pages[tab].client.snapshot;
    const { owner } = this.#oracle.seats[tab];
    if (last === undefined || (last.token !== undefined && owner === undefined)) return;
    if (last.token === undefined) return assert.equal(identity.state, 'anonymous', `tab ${tab} was logged out last`);
    const refusal = this.#server.refusal(last.token);
    const found = identity.state === 'verified' ? identity.subject : identity.state;
    if (refusal === undefined)
      assert.equal(found, this.#server.subjectOf(last.token), `tab ${tab} was identified last`);
    else if (refusal === 'invalid_signature') assert.equal(found, 'rejected', `tab ${tab} has a forged token`);
  }

  /** Whoever has something that has not left yet comes back to it: signs in, opens it, presses "Try again". */
  async #comeBack(tab: 0 | 1): Promise<void> {
    for (let again = 0; again < 4; again++) {
      const { client } = this.#pages[tab];
      const stored = canariesIn([...this.#browser.storages[tab].values()].join());
      const waiting = this.#oracle.typed.filter(({ n }) => stored.includes(n) && !this.#isGone(n));
      // What is refused for good, as a file that another page has claimed, keeps no other waiting.
      const next = waiting[again % waiting.length];
      if (next === undefined) return;
      const author = next.author ?? next.heir ?? this.#oracle.seats[tab].owner;
      if (author !== undefined) this.#identify({ do: 'identify', tab, as: author as User, how: 'token' });
      await this.#settle();
      for (const { id, delivery } of client.snapshot.messages) if (delivery === 'failed') client.retry(id);
      await this.#settle();
    }
  }

  #isGone(n: number): boolean {
    return this.#superseded.has(n) || this.#oracle.typed[n]?.isDropped === true;
  }

  /** Whose the conversations of nobody are at present. */
  #session(): string {
    const secret = [...this.#browser.shared.values()].flatMap((value) => /^[\w-]{43}(?= )/.exec(value) ?? []);
    return `session:${secret.join()}`;
  }

  /** The screen shows what the server has, each message once and in its order. */
  #checkScreen(tab: 0 | 1, stored: readonly StoredConversation[]): void {
    const { conversationId, messages, history, identity, reply } = this.#pages[tab].client.snapshot;
    if (history !== 'ready' || (identity.state !== 'verified' && identity.state !== 'anonymous')) return;
    const owner = identity.state === 'verified' ? `subject:${identity.subject}` : this.#session();
    const conversation = stored.find(({ id }) => id === conversationId);
    if (conversation?.owner !== owner) return;
    const own = messages.filter(({ role, delivery }) => role === 'user' && delivery === 'sent');
    const shown = own.map((message) => canariesIn(JSON.stringify(message.parts)).join());
    const kept = conversation.texts.map((text) => canariesIn(text).join());
    assert.deepEqual(shown, kept, `tab ${tab} shows other messages than the server has (${conversation.owner})`);
    assert.equal(reply, 'idle', `tab ${tab} waits for a reply for ever`);
  }

  #checkDelivered(stored: readonly StoredConversation[]): void {
    for (const { owner, texts } of stored) {
      for (const n of canariesIn(texts.join())) {
        const author = this.#oracle.typed[n]?.author;
        if (author !== undefined)
          assert.equal(owner, `subject:${author}`, `«${n}» of ${author} is stored as another's`);
      }
    }
    const session = this.#session();
    const reachable = stored.filter(({ owner }) => !owner.startsWith('session:') || owner === session);
    const anywhere = stored.flatMap(({ texts }) => canariesIn(texts.join()));
    this.#writer.checkEdits(anywhere);
    for (const { n, author, heir, logouts, isDropped, isContested } of this.#oracle.typed) {
      const owners = reachable.flatMap(({ owner, texts }) =>
        canariesIn(texts.join()).flatMap((other) => (other === n ? [owner] : [])),
      );
      const count = owners.length;
      const what = `«${n}» of ${author ?? heir ?? 'nobody'}`;
      assert.ok(count <= 1 || isContested, `${what} was delivered to ${owners.join(' and ')}`);
      const mayBeLost = isDropped || logouts < this.#oracle.logouts || this.#writer.excused.has(n);
      if (this.#superseded.has(n)) assert.ok(mayBeLost, `${what} was given up without a reason`);
      // What one tab sends as nobody while the other signs in may belong to the session that ends by that.
      else if (!mayBeLost) assert.ok(count > 0 || (isContested && anywhere.includes(n)), `${what} was lost`);
    }
  }
}
