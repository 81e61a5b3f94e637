import assert from 'node:assert/strict';
import type { ChatSnapshot } from '../../../../src/client/index.ts';
import type { Call } from './model-server.ts';

/** A message that somebody typed, known by a canary in its text. */
export type Typed = {
  readonly n: number;
  /** Whom the page had said it was, undefined for nobody. */
  readonly author: string | undefined;
  readonly tab: number;
  /** Number of the logouts in this browser until then. */
  readonly logouts: number;
  /** Who was proved first after nobody had typed it: it may leave as theirs, and as nobody's no more. */
  heir: string | undefined;
  /** Who was said to be there while nobody's message might have been theirs: the server may have made it so. Nobody: ''. */
  readonly claimants: Set<string>;
  /**
   * Another page than the one that sends it, with the same session, signed in meanwhile: what is sent as nobody may become
   * somebody's on the way, unseen.
   */
  isContested: boolean;
  /** Something happened that takes it off its page: a switch, a logout. */
  isDropped: boolean;
};

/** What a tab's page has said and heard so far. */
export type Seat = {
  owner: string | undefined;
  /** Who it was until the agent went on without them. */
  former: string | undefined;
  /** Whether the owner was proved, so that the screen may show what is theirs. */
  isProved: boolean;
  /** The last logout that it knows of. */
  logouts: number;
};

const canaries = /«(\d+)»/g;

export const canaryOf = (n: number): string => `message «${n}»`;

export function canariesIn(text: string): number[] {
  return [...text.matchAll(canaries)].map(([, n]) => Number(n));
}

/** Knows who may see what, from what the schedule did alone, and fails when somebody else does. */
export class Oracle {
  readonly typed: Typed[] = [];
  readonly seats: readonly [Seat, Seat] = [
    { owner: undefined, former: undefined, isProved: false, logouts: 0 },
    { owner: undefined, former: undefined, isProved: false, logouts: 0 },
  ];
  logouts = 0;
  /** Everybody so far. A request of theirs may arrive at any time. */
  readonly #signedIn = new Set<string>();
  readonly #subjectOf: (token: string) => string | undefined;

  readonly #goesOn: boolean;

  /** @param goesOn whether the agent goes on without a refused token */
  constructor(subjectOf: (token: string) => string | undefined, goesOn = false) {
    this.#subjectOf = subjectOf;
    this.#goesOn = goesOn;
  }

  type(tab: 0 | 1): Typed {
    const typed: Typed = {
      n: this.typed.length,
      author: this.seats[tab].owner,
      tab,
      logouts: this.seats[tab].logouts,
      heir: undefined,
      claimants: new Set(this.#signedIn),
      isContested: this.#signedIn.size > 0,
      isDropped: false,
    };
    this.typed.push(typed);
    return typed;
  }

  identify(tab: 0 | 1, owner: string): void {
    this.hear(tab);
    const seat = this.seats[tab];
    const before = seat.owner ?? seat.former;
    if (before !== undefined && before !== owner) {
      this.#drop(tab);
      seat.isProved = false;
    }
    seat.owner = owner;
    seat.former = undefined;
    this.#signedIn.add(owner);
    for (const typed of this.typed) {
      if (typed.author !== undefined || (typed.isDropped && !typed.claimants.has(''))) continue;
      typed.claimants.add(owner);
      // A token may be refused later, and its claim have counted unheard: then the message is sent as nobody's again.
      typed.isContested ||= typed.tab !== tab || this.#goesOn;
    }
  }

  logout(tab: 0 | 1): void {
    this.logouts += 1;
    this.#forget(tab);
  }

  /** Of a logout in the other tab. */
  hear(tab: 0 | 1): void {
    if (this.seats[tab].logouts < this.logouts) this.#forget(tab);
  }

  /** The sign-in has ended, and what is said from now on is nobody's. What was on the screen has gone. */
  fallBack(tab: 0 | 1): void {
    const seat = this.seats[tab];
    if (seat.owner === undefined) return;
    if (seat.isProved) this.#drop(tab);
    seat.former = seat.owner;
    seat.owner = undefined;
    seat.isProved = false;
  }

  /**
   * The sign-in was ended on the server: its owner's content goes, whoever comes next. What nobody sent, and nobody was
   * proved to own, is the session's as before.
   */
  revoked(tab: 0 | 1): void {
    this.#drop(tab);
    for (const { author, heir, claimants } of this.#of(tab)) if ((author ?? heir) === undefined) claimants.add('');
    this.seats[tab].isProved = false;
  }

  navigate(tab: 0 | 1): void {
    if (this.seats[tab].logouts < this.logouts) this.#drop(tab);
    // The page that asked for the claim does not hear of it any more.
    for (const typed of this.#of(tab)) typed.isContested ||= typed.claimants.size > 0;
    this.#leave(tab);
  }

  /** What nobody typed is now theirs; what another one typed, on a page that was left, goes. */
  proved(tab: 0 | 1, subject: string): void {
    this.seats[tab].isProved = true;
    for (const typed of this.#of(tab)) {
      if (typed.author === undefined && !typed.isDropped) typed.heir ??= subject;
      if ((typed.author ?? typed.heir) !== subject) typed.isDropped = true;
    }
  }

  /** No message of one ever leaves under another, nor without a name. */
  checkCall(tab: number, call: Pick<Call, 'token' | 'body'>): void {
    if (call.body === undefined) return;
    for (const n of canariesIn(JSON.stringify(call.body))) {
      const typed = this.typed[n] ?? assert.fail(`«${n}» was never typed`);
      const sender = call.token === undefined ? undefined : this.#subjectOf(call.token);
      const what = `«${n}» of ${typed.author ?? 'nobody'} left tab ${tab} as ${sender ?? 'nobody'}`;
      assert.ok(!typed.isDropped, `${what}, after it was dropped`);
      if (typed.author !== undefined) assert.equal(sender, typed.author, what);
      else if (typed.heir !== undefined) assert.equal(sender, typed.heir, what);
    }
  }

  /** Nothing of one is on another's screen. */
  checkSnapshot(tab: 0 | 1, { messages, conversations }: ChatSnapshot): void {
    this.checkShown(tab, JSON.stringify([messages, conversations]));
  }

  checkShown(tab: 0 | 1, text: string): void {
    const { owner, logouts } = this.seats[tab];
    for (const n of canariesIn(text)) {
      const typed = this.typed[n] ?? assert.fail(`«${n}» was never typed`);
      const what = `«${n}» of ${typed.author ?? typed.heir ?? 'nobody'} is shown in tab ${tab} to ${owner ?? 'nobody'}`;
      if (typed.author !== undefined) assert.equal(owner, typed.author, what);
      else if (typed.isDropped && typed.tab === tab) assert.ok(typed.claimants.has(owner ?? ''), what);
      else if (owner === undefined) assert.ok(typed.logouts >= logouts, `${what}, after a logout`);
    }
  }

  /** Nothing that was dropped is kept, and no token ever. */
  checkStorage(tab: 0 | 1, stored: string): void {
    assert.doesNotMatch(stored, /eyJ/, 'a token in storage');
    for (const n of canariesIn(stored)) {
      const typed = this.typed[n] ?? assert.fail(`«${n}» was never typed`);
      assert.ok(!typed.isDropped || typed.tab !== tab, `«${n}» is still in the storage of tab ${tab}`);
    }
  }

  #forget(tab: 0 | 1): void {
    this.#drop(tab);
    this.#leave(tab);
  }

  #leave(tab: 0 | 1): void {
    Object.assign(this.seats[tab], { owner: undefined, former: undefined, isProved: false, logouts: this.logouts });
  }

  #drop(tab: 0 | 1): void {
    for (const typed of this.#of(tab)) {
      typed.isDropped = true;
      typed.claimants.delete('');
    }
  }

  #of(tab: 0 | 1): Typed[] {
    return this.typed.filter((typed) => typed.tab === tab);
  }
}
