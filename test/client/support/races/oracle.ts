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
  /** Who was said to be there while nobody's message might have been theirs: the server may have made it so. */
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
    { owner: undefined, logouts: 0 },
    { owner: undefined, logouts: 0 },
  ];
  logouts = 0;
  /** Everybody so far. A request of theirs may arrive at any time. */
  readonly #signedIn = new Set<string>();
  readonly #subjectOf: (token: string) => string | undefined;

  constructor(subjectOf: (token: string) => string | undefined) {
    this.#subjectOf = subjectOf;
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
    if (seat.owner !== undefined && seat.owner !== owner) this.#drop(tab);
    seat.owner = owner;
    this.#signedIn.add(owner);
    for (const typed of this.typed) {
      if (typed.author !== undefined || typed.isDropped) continue;
      typed.claimants.add(owner);
      typed.isContested ||= typed.tab !== tab;
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

  /** The sign-in was ended on the server: its owner's content goes, whoever comes next. */
  revoked(tab: 0 | 1): void {
    this.#drop(tab);
  }

  navigate(tab: 0 | 1): void {
    if (this.seats[tab].logouts < this.logouts) this.#drop(tab);
    // The page that asked for the claim does not hear of it any more.
    for (const typed of this.#of(tab)) typed.isContested ||= typed.claimants.size > 0;
    this.seats[tab].owner = undefined;
    this.seats[tab].logouts = this.logouts;
  }

  /** What nobody typed is now theirs; what another one typed, on a page that was left, goes. */
  proved(tab: 0 | 1, subject: string): void {
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
    this.seats[tab].owner = undefined;
    this.seats[tab].logouts = this.logouts;
  }

  #drop(tab: 0 | 1): void {
    for (const typed of this.#of(tab)) typed.isDropped = true;
  }

  #of(tab: 0 | 1): Typed[] {
    return this.typed.filter((typed) => typed.tab === tab);
  }
}
