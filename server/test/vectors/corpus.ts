import type { IdentityReason } from '../../../src/protocol/index.ts';
import { agents, type VectorAgent } from './agents.ts';
import { algorithmFaults, keyFaults } from './algorithm-faults.ts';
import { claimFaults } from './claim-faults.ts';
import { goodDraft, set, stages, valueOf, write, type Draft, type Fault } from './draft.ts';
import { formFaults, sizeFaults } from './form-faults.ts';
import { goodChanges } from './good-tokens.ts';
import { createRandom, type Random } from './random.ts';
import { publicKeyFaults } from './public-key-faults.ts';
import { signatureFaults } from './signature-faults.ts';
import { clockFaults } from './time-faults.ts';

/** One token, and what has to be said of it. Nothing here asks the code under test. */
export type TokenCase = {
  readonly name: string;
  readonly agent: VectorAgent;
  readonly atMs: number;
  readonly token: string;
  readonly via: Draft['via'];
  /** To be logged out before. */
  readonly loggedOut: string | undefined;
  readonly reason: IdentityReason | undefined;
  /** Of a good token. */
  readonly subject: string;
  readonly stages: readonly Fault['stage'][];
};

const seed = 20_270_115;
const pairCount = 1_000;
const tripleCount = 300;

export const faults: readonly Fault[] = [
  ...sizeFaults,
  ...formFaults,
  ...keyFaults,
  ...algorithmFaults,
  ...signatureFaults,
  ...publicKeyFaults,
  ...clockFaults,
  ...claimFaults,
];

const rank = ({ stage }: Fault) => stages.indexOf(stage);

/** Whether faults can be made in one token without one undoing or hiding the other. */
function fitTogether(some: readonly Fault[]): boolean {
  const touched = some.flatMap(({ touches }) => touches);
  return new Set(some.map(rank)).size === some.length && new Set(touched).size === touched.length;
}

/** Where they all are faults. Without a key nothing is looked at but form, so what is wrong at the shop is wrong there too. */
function placesOf(some: readonly Fault[]): readonly VectorAgent[] {
  const isKeyless = some.some(({ stage }) => stage === 'keys');
  const fits = (fault: Fault, agent: VectorAgent) =>
    fault.agents.includes(agent) || (isKeyless && agent === agents.unkeyed && fault.agents.includes(agents.shop));
  return Object.values(agents).filter((agent) => some.every((fault) => fits(fault, agent)));
}

function toCase(name: string, draft: Draft, random: Random, some: readonly Fault[]): TokenCase {
  const token = write(draft);
  const first = some.toSorted((one, other) => rank(one) - rank(other))[0];
  const subject = valueOf(draft.payload, draft.agent.identityClaim);
  return {
    name: `${name} (${draft.agent.id})`,
    agent: draft.agent,
    atMs: draft.atMs,
    token,
    via: draft.via,
    loggedOut: loggedOutBefore(draft, token, random),
    reason: first?.reason,
    subject: draft.agent.identityClaim === 'email' ? String(subject).toLowerCase() : String(subject),
    stages: some.map(({ stage }) => stage),
  };
}

function loggedOutBefore(draft: Draft, token: string, random: Random): string | undefined {
  if (draft.revokes === undefined) return undefined;
  // What no header can hold cannot be logged out either.
  if (draft.revokes === 'itself') return draft.via === 'header' ? token : undefined;
  const other = goodDraft(draft.agent, random);
  set(other.payload, 'jti', valueOf(draft.payload, 'jti'));
  return write(other);
}

/** Applied from the last check to the first: what changes the finished text comes after what is signed. */
function badToken(some: readonly Fault[], random: Random): TokenCase {
  const draft = goodDraft(random.pick(placesOf(some)), random);
  const ordered = some.toSorted((one, other) => rank(other) - rank(one));
  for (const fault of ordered) fault.apply(draft, random);
  return toCase(ordered.map(({ name }) => name).join(' + '), draft, random, some);
}

/** Stages first, then faults: so that the rare ones take part as often as the frequent ones. */
function pickFaults(count: number, random: Random): readonly Fault[] {
  for (;;) {
    const chosen = random
      .shuffle(stages)
      .slice(0, count)
      .map((stage) => random.pick(faults.filter((fault) => fault.stage === stage)));
    if (fitTogether(chosen) && placesOf(chosen).length > 0) return chosen;
  }
}

/** Each case once: some faults leave nothing of the token that they were made in. */
function distinct(cases: readonly TokenCase[]): readonly TokenCase[] {
  const seen = new Map(cases.toReversed().map((one) => [`${one.agent.id} ${one.atMs} ${one.via} ${one.token}`, one]));
  return [...seen.values()].toReversed();
}

/** The same tokens in every run, but for the key pairs and their signatures. */
export function badTokens(): readonly TokenCase[] {
  const random = createRandom(seed);
  const single = faults.flatMap((fault) => Array.from({ length: fault.times }, () => badToken([fault], random)));
  const combined = [2, 3].flatMap((count) =>
    Array.from({ length: count === 2 ? pairCount : tripleCount }, () => badToken(pickFaults(count, random), random)),
  );
  return distinct([...single, ...combined]);
}

/** The control group: as near to each edge as a token can be and still be good. */
export function goodTokens(): readonly TokenCase[] {
  const random = createRandom(seed + 1);
  return distinct(
    goodChanges.flatMap(({ name, agents: places, apply }) =>
      places.map((agent) => {
        const draft = goodDraft(agent, random);
        apply(draft, random);
        return toCase(name, draft, random, []);
      }),
    ),
  );
}
