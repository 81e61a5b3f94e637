import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { allAgents, signerOf, stranger, type PublicAlgorithm, type Signer, type VectorAgent } from './agents.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export type JwksHost = {
  /** Without a path. */
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  answer: Answer;
};

/** A web server of the host's, on a port of this machine. */
export async function startJwksHost(test: TestContext, answer: Answer = answerWithSet): Promise<JwksHost> {
  const asked: string[] = [];
  const host = { url: '', asked, answer };
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    host.answer(response, request);
  }).listen(0, '127.0.0.1');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return host;
}

export function jwkOf(key: KeyObject, members: object = {}): object {
  return { ...key.export({ format: 'jwk' }), ...members };
}

/** A key that stands in each set and must not verify anything. */
export type Decoy = {
  readonly name: string;
  readonly kid: string;
  readonly algorithm: PublicAlgorithm;
  readonly sign: Signer;
  readonly jwk: object;
};

const newPairs = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

/** Kinds of keys that RFC 7517 has, and that are not for verifying tokens by this algorithm. */
const unfit: readonly (readonly [string, (algorithm: PublicAlgorithm, privateKey: KeyObject) => object])[] = [
  ['for encryption', () => ({ use: 'enc' })],
  ['for signing alone', () => ({ key_ops: ['sign'] })],
  ['of another algorithm', (algorithm) => ({ alg: algorithm === 'RS256' ? 'PS256' : 'RS256' })],
  ['with its private part', (_, privateKey) => privateKey.export({ format: 'jwk' })],
  ['with kty of another kind', (algorithm) => ({ kty: algorithm === 'EdDSA' ? 'EC' : 'OKP' })],
];

function decoy(algorithm: PublicAlgorithm, [what, change]: (typeof unfit)[number], at: number): Decoy {
  const { publicKey, privateKey } = newPairs[algorithm]();
  const kid = `decoy-${algorithm}-${at}`;
  const jwk = jwkOf(publicKey, { kid, ...change(algorithm, privateKey) });
  return { name: `a key ${what}`, kid, algorithm, sign: signerOf(algorithm, privateKey), jwk };
}

/** A pair of a kind that no algorithm here takes, which signs in the same way. */
function misfit(
  name: string,
  algorithm: PublicAlgorithm,
  pair: { publicKey: KeyObject; privateKey: KeyObject },
): Decoy {
  const kid = `decoy ${name}`;
  return { name, kid, algorithm, sign: signerOf(algorithm, pair.privateKey), jwk: jwkOf(pair.publicKey, { kid }) };
}

const short = generateKeyPairSync('rsa', { modulusLength: 1_024 });

export const decoys: readonly Decoy[] = [
  ...(['RS256', 'PS256', 'ES256', 'EdDSA'] as const).flatMap((algorithm) =>
    unfit.map((kind, at) => decoy(algorithm, kind, at)),
  ),
  misfit('an RSA key of 1,024 bits', 'RS256', short),
  misfit('an RSA key of 1,024 bits, for PSS', 'PS256', short),
  misfit('a key of P-384', 'ES256', generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  misfit('a key of secp256k1', 'ES256', generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
  misfit('a key of Ed448', 'EdDSA', generateKeyPairSync('ed448')),
];

/** The set of an agent: its keys, and beside them what a set may hold too; the shared key goes by the name of each of the others. */
function setOf({ keys }: VectorAgent): object {
  const own = keys.flatMap(({ id, publicKey, algorithm }) =>
    publicKey === undefined ? [] : [jwkOf(publicKey, { kid: id, use: 'sig', alg: algorithm })],
  );
  const fitting = decoys.filter(({ algorithm }) => keys.some((key) => key.algorithm === algorithm));
  const secret = Buffer.from(stranger.secret).toString('base64url');
  const shared = keys.map(({ id }) => ({ kty: 'oct', k: secret, kid: id, alg: 'HS256', use: 'sig' }));
  return { keys: [...shared, ...fitting.map(({ jwk }) => jwk), 'not a key', { kty: 'new' }, ...own] };
}

function answerWithSet(response: ServerResponse, { url = '' }: IncomingMessage): void {
  const agent = allAgents.find(({ id }) => url === `/${id}`);
  if (agent === undefined) response.writeHead(404).end();
  else response.end(JSON.stringify(setOf(agent)));
}
