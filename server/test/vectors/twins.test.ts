import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, type Harness } from '../http/harness.ts';
import { agents, type VectorAgent } from './agents.ts';
import { createRandom } from './random.ts';
import { encode, goodDraft, remove, set, write } from './draft.ts';
import { startVectorServer } from './vector-server.ts';

const curveOrder = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function tokenOf(agent: VectorAgent, seed: number, jti?: string): string {
  const draft = goodDraft(agent, createRandom(seed));
  if (jti === undefined) remove(draft.payload, 'jti');
  else set(draft.payload, 'jti', jti);
  return write(draft);
}

/** Anybody can make it of a token that they have seen: (r, s) and (r, n − s) sign the same text. */
function ecdsaTwin(token: string): string {
  const [head = '', body = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const twin = Buffer.from((curveOrder - s).toString(16).padStart(64, '0'), 'hex');
  return `${head}.${body}.${encode(Buffer.concat([bytes.subarray(0, 32), twin]))}`;
}

/** The host signs the same text once more: ES256 and PS256 give another signature each time. */
function signedAgain(token: string, agent: VectorAgent): string {
  const text = token.slice(0, token.lastIndexOf('.'));
  return `${text}.${encode(agent.keys[0]?.sign(text) ?? assert.fail())}`;
}

/** Other spellings of the same bytes, for those decoders that do not mind. */
function respellings(token: string): readonly string[] {
  const [head = '', body = '', signature = ''] = token.split('.');
  const spare = signature.length % 4 === 2 ? 16 : 4;
  const last = alphabet.indexOf(signature.at(-1) ?? '');
  const twins = Array.from({ length: spare - 1 }, (_, bits) => signature.slice(0, -1) + alphabet[last ^ (bits + 1)]);
  const padded = `${signature}${'='.repeat(4 - (signature.length % 4))}`;
  return [
    ...twins.map((twin) => `${head}.${body}.${twin}`),
    `${head}.${body}.${padded}`,
    `${head}=.${body}.${signature}`,
    `${head}.${body}=.${signature}`,
    `${head}.${body} .${signature}`,
    `${head}.${body}.${signature.slice(0, 9)}\t${signature.slice(9)}`,
    `${head}.${body}.${signature}.`,
    `${head}.${body}.+${signature.slice(1)}`,
  ];
}

async function reasonOf({ send }: Harness, agent: VectorAgent, token: string): Promise<unknown> {
  const url = `http://chat.example/v1/agents/${agent.id}/identity`;
  const { verified, reason } = await json(await send(url, { method: 'POST', token }));
  return verified === true ? 'verified' : reason;
}

async function logOut({ send }: Harness, agent: VectorAgent, token: string): Promise<void> {
  await send(`http://chat.example/v1/agents/${agent.id}/logout`, { method: 'POST', token });
}

const signers = [agents.shop, agents.rsa, agents.pss, agents.ecdsa, agents.eddsa];

test('A9 the ECDSA twin of a token is good with it, and logged out with it', async (t) => {
  const server = await startVectorServer(t);
  for (let seed = 0; seed < 10; seed++) {
    const token = tokenOf(agents.ecdsa, seed);
    const twin = ecdsaTwin(token);
    assert.notEqual(twin, token);
    const [mine, theirs] = seed % 2 === 0 ? [token, twin] : [twin, token];
    assert.equal(await reasonOf(server, agents.ecdsa, theirs), 'verified');
    await logOut(server, agents.ecdsa, mine);
    assert.equal(await reasonOf(server, agents.ecdsa, mine), 'revoked');
    assert.equal(await reasonOf(server, agents.ecdsa, theirs), 'revoked');
  }
});

for (const agent of [agents.ecdsa, agents.pss]) {
  test(`A9 the same text signed again with ${agent.keys[0]?.algorithm} is logged out with the first`, async (t) => {
    const server = await startVectorServer(t);
    const token = tokenOf(agent, 1);
    const again = signedAgain(token, agent);
    assert.notEqual(again, token);
    assert.equal(await reasonOf(server, agent, again), 'verified');
    await logOut(server, agent, token);
    assert.equal(await reasonOf(server, agent, again), 'revoked');
  });
}

for (const agent of signers) {
  const algorithm = agent.keys[0]?.algorithm;
  test(`A9 no other spelling of a token of ${algorithm} outlives its logout, or was ever one`, async (t) => {
    const server = await startVectorServer(t);
    for (const jti of [undefined, 'the-only-one']) {
      const token = tokenOf(agent, 2, jti);
      const spellings = respellings(token);
      for (const spelling of spellings) assert.equal(await reasonOf(server, agent, spelling), 'malformed');
      for (const spelling of spellings) await logOut(server, agent, spelling);
      assert.equal(await reasonOf(server, agent, token), 'verified', 'a spelling that is none logs nobody out');
      await logOut(server, agent, token);
      assert.equal(await reasonOf(server, agent, token), 'revoked');
      for (const spelling of spellings) assert.equal(await reasonOf(server, agent, spelling), 'malformed');
    }
  });
}

test('A9 a logout with another signature, or at another agent, revokes nothing', async (t) => {
  const server = await startVectorServer(t);
  const token = tokenOf(agents.shop, 3, 'mine');
  const forged = `${token.slice(0, token.lastIndexOf('.'))}.${encode(new Uint8Array(32))}`;
  await logOut(server, agents.shop, forged);
  await logOut(server, agents.hour, token);
  assert.equal(await reasonOf(server, agents.hour, token), 'revoked');
  assert.equal(await reasonOf(server, agents.shop, token), 'verified');
});
