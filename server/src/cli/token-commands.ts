import { debugToken, keysAround, type AgentIdentity, type HmacKey, type TokenReport } from '../identity/index.ts';
import { signUserToken } from '../sign/index.ts';
import {
  asJson,
  escapeControls,
  positionalsOf,
  textFlag,
  unknownVerb,
  UsageError,
  type Invocation,
  type Surroundings,
} from './tool.ts';
import type { Workplace } from './workplace.ts';

/** `token sign|debug`. @returns the exit code: 1 for a token that is refused */
export async function runTokens(invocation: Invocation, place: Workplace, surroundings: Surroundings): Promise<number> {
  switch (invocation.verb) {
    case 'sign':
      await signToken(invocation, place, surroundings);
      return 0;
    case 'debug':
      return inspectToken(invocation, place, surroundings);
    default:
      throw unknownVerb(invocation, ['sign', 'debug']);
  }
}

async function signToken(invocation: Invocation, place: Workplace, surroundings: Surroundings): Promise<void> {
  positionalsOf(invocation);
  const { profiles, agent } = place;
  const { policy, keys, keysProblem } = await profiles.read(agent);
  if (keysProblem !== undefined) throw keysProblem;
  const key = chooseKey(
    keys.filter((each) => each.algorithm === 'HS256'),
    textFlag(invocation, 'key'),
    agent,
  );
  const email = textFlag(invocation, 'email');
  const subject = textFlag(invocation, 'sub') ?? (policy.identityClaim === 'email' ? email : undefined);
  if (subject === undefined) throw new UsageError('token sign needs --sub <user>.');
  const token = await signUserToken({
    secret: Buffer.from(key.secret).toString('utf8'),
    subject,
    name: textFlag(invocation, 'name'),
    email,
    claims: readClaims(invocation),
    expiresInSeconds: readLifetime(textFlag(invocation, 'expires') ?? '1h'),
    keyId: key.id,
    clock: surroundings.clock,
  });
  const { reason } = await debugToken(token, await profiles.read(agent), await around(place), surroundings.clock());
  if (reason !== null) surroundings.note(`The policy of this agent refuses such a token: ${reason}.\n`);
  surroundings.write(invocation.flags['json'] === true ? asJson({ token, keyId: key.id, reason }) : `${token}\n`);
}

function chooseKey(keys: readonly HmacKey[], id: string | undefined, { agentId }: AgentIdentity): HmacKey {
  const key = id === undefined ? keys[0] : keys.find((each) => each.id === id);
  if (key !== undefined) return key;
  const wanted = id === undefined ? 'key' : `key "${id}"`;
  throw new UsageError(
    `Agent "${agentId}" has no active ${wanted} with a secret to sign with (keys create makes one).`,
  );
}

/** `plan=pro`, `seats=3`, `custom={"role":"admin"}`: JSON where it is JSON, else text. */
function readClaims({ flags }: Invocation): { readonly [name: string]: unknown } {
  const words = Array.isArray(flags['claim']) ? flags['claim'] : [];
  return Object.fromEntries(
    words.map((word: string) => {
      const at = word.indexOf('=');
      if (at < 1) throw new UsageError('--claim needs <name>=<value>.');
      const name = word.slice(0, at);
      const instead = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
      if (instead !== undefined) throw new UsageError(`--claim cannot set ${name}: ${instead}.`);
      return [name, readJson(word.slice(at + 1))];
    }),
  );
}

/** Claims that each token gets anyway. */
const elsewhere: { readonly [claim: string]: string } = {
  sub: 'give --sub <user>',
  exp: 'give --expires 90s, 15m, 1h or 2d',
  iat: 'it is the time at which the token is signed',
  jti: 'each token gets one of its own',
};

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const unitSeconds: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3_600, d: 86_400 };

function readLifetime(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? Number.NaN);
  if (seconds > 0) return seconds;
  throw new UsageError('--expires needs a number and a unit: 90s, 15m, 1h or 2d.');
}

async function inspectToken(invocation: Invocation, place: Workplace, surroundings: Surroundings): Promise<number> {
  const [word = ''] = positionalsOf(invocation, 'token');
  const token = word === '-' ? (await surroundings.readInput()).replace(/\r?\n$/, '') : word;
  const profile = await place.profiles.read(place.agent);
  const report = await debugToken(token, profile, await around(place), surroundings.clock());
  surroundings.write(
    escapeControls(invocation.flags['json'] === true ? asJson(report) : describe(report, place.agent)),
  );
  return report.accepted ? 0 : 1;
}

async function around({ store, vault, profiles, agents, agent }: Workplace) {
  const others = agents.filter(({ agentId }) => agentId !== agent.agentId);
  return {
    ...(await keysAround(agent, others, { keys: store.keys, vault, profiles })),
    isRevoked: (key: string) => store.revocations.has(agent.agentId, key),
  };
}

function describe(report: TokenReport, { agentId }: AgentIdentity): string {
  const { accepted, reason, header, claims, subject, keyId, jwksKid, expiresAt, secondsLeft, hints } = report;
  const verdict = accepted ? `accepted by agent "${agentId}"` : `refused by agent "${agentId}": ${reason}`;
  const end = expiresAt === null ? [] : [`expires  ${new Date(expiresAt).toISOString()} (${secondsLeft} s left)`];
  return [
    verdict,
    ...hints.map((hint) => `hint     ${hint}`),
    ...(subject === null ? [] : [`subject  ${JSON.stringify(subject)}`]),
    ...(keyId === null ? [] : [`key      ${jwksKid === undefined ? keyId : `${jwksKid} (from JWKS, ${keyId})`}`]),
    ...end,
    ...(header === null ? [] : [`header   ${JSON.stringify(header)}`]),
    ...(claims === null ? [] : [`claims   ${JSON.stringify(claims, null, 2)}`]),
    '',
  ].join('\n');
}
