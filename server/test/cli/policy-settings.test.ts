import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import { defaultPolicy, type Policy } from '../../src/identity/index.ts';
import { allFrames, json, newSession, sendBody, startServer, userMessage } from '../http/harness.ts';
import { pair } from '../vectors/agents.ts';
import { encode } from '../vectors/draft.ts';
import { jwkOf, startJwksHost } from '../vectors/jwks-host.ts';
import { createTool, jsonOf } from './tool.ts';

type Created = { readonly key: { readonly id: string }; readonly secret: string };

/** A running server whose agent has one stored key, and the command line beside it. */
async function startWorld(t: TestContext) {
  const harness = await startServer(t, { agent: { keys: undefined } });
  const { send, agent, dataDirectory, clock } = harness;
  const tool = createTool({ dataDirectory, clock: () => clock.now });
  const create = () => jsonOf<Created>(tool(['keys', 'create', '--agent', 'shop', '--json']));
  const { key, secret } = await create();
  const now = Math.floor(clock.now / 1000);
  const sign = (claims: object = {}) => harness.sign(claims, { secret });
  return {
    t,
    tool,
    create,
    key,
    secret,
    now,
    agent,
    clock,
    sign,
    send,
    /** As an operator types it. */
    set: async (...words: string[]) => {
      const { error } = await tool(['policy', 'set', '--agent', 'shop', ...words]);
      assert.equal(error, '');
    },
    /** What the identity call says. */
    ask: async (token: string) => {
      const { verified, reason, subject } = await json(await send('/identity', { method: 'POST', token }));
      return verified === true ? subject : reason;
    },
    /** Status of a message. */
    say: async (token?: string) => {
      const response = await send('/chat', { token, session: newSession(), body: sendBody('hello') });
      await response.text();
      return response.status;
    },
  };
}

type World = Awaited<ReturnType<typeof startWorld>>;

/** For each setting: what the next request meets before and after the command, and after it is taken back. */
const settings: { readonly [Name in keyof Policy]: (world: World) => Promise<void> } = {
  async access({ set, say }) {
    assert.equal(await say(), 200);
    await set('access=verified-only');
    assert.equal(await say(), 403);
    await set('access=');
    assert.equal(await say(), 200);
  },
  async onInvalidToken({ set, say, sign, agent }) {
    const bad = `${sign()}x`;
    assert.equal(await say(bad), 401);
    await set('onInvalidToken=deny');
    assert.equal(await say(bad), 403);
    assert.equal(agent.turns.length, 0);
    await set('onInvalidToken=anonymous');
    assert.equal(await say(bad), 200);
    assert.equal(agent.turns[0]?.user.verified, false);
    await set('onInvalidToken=block');
    assert.equal(await say(bad), 401);
  },
  async identityClaim({ set, ask, sign }) {
    const token = sign({ email: 'Ada@mail.com' });
    assert.equal(await ask(token), 'ada');
    await set('identityClaim=email');
    assert.equal(await ask(token), 'ada@mail.com');
    assert.equal(await ask(sign()), 'missing_claim');
    await set('identityClaim=');
    assert.equal(await ask(token), 'ada');
  },
  async expiry({ set, ask, secret }) {
    const token = jsonwebtoken.sign({ sub: 'ada' }, secret);
    assert.equal(await ask(token), 'missing_claim');
    await set('expiry=recommended');
    assert.equal(await ask(token), 'ada');
    await set('expiry=required');
    assert.equal(await ask(token), 'missing_claim');
  },
  async maxLifetimeSeconds({ set, ask, sign, now }) {
    const [hour, year] = [sign(), sign({ exp: now + 31_536_000 })];
    assert.deepEqual([await ask(hour), await ask(year)], ['ada', 'lifetime_too_long']);
    await set('maxLifetimeSeconds=3599');
    assert.equal(await ask(hour), 'lifetime_too_long');
    await set('maxLifetimeSeconds=3600');
    assert.equal(await ask(hour), 'ada');
    await set('maxLifetimeSeconds=none');
    assert.equal(await ask(year), 'ada');
  },
  async clockToleranceSeconds({ set, ask, sign, now }) {
    const token = (ago: number) => sign({ exp: now - ago, iat: now - 600 });
    assert.deepEqual([await ask(token(59)), await ask(token(60))], ['ada', 'expired']);
    await set('clockToleranceSeconds=300');
    assert.deepEqual([await ask(token(299)), await ask(token(300))], ['ada', 'expired']);
    await set('clockToleranceSeconds=0');
    assert.deepEqual([await ask(token(-1)), await ask(token(0))], ['ada', 'expired']);
  },
  async algorithms({ set, ask, sign }) {
    const token = sign();
    assert.equal(await ask(token), 'ada');
    await set('algorithms=ES256,EdDSA');
    assert.equal(await ask(token), 'not_configured');
    await set('algorithms=HS256,ES256');
    assert.equal(await ask(token), 'ada');
  },
  async jwksUrl({ t, set, ask, now, sign: signShared }) {
    const key = pair('host-key', 'ES256');
    const jwk = jwkOf(key.publicKey ?? assert.fail(), { kid: key.id });
    const host = await startJwksHost(t, (response) => void response.end(JSON.stringify({ keys: [jwk] })));
    const parts = [
      { alg: 'ES256', kid: key.id },
      { sub: 'grace', exp: now + 600 },
    ];
    const text = parts.map((part) => encode(JSON.stringify(part))).join('.');
    const token = `${text}.${encode(key.sign(text))}`;
    assert.equal(await ask(token), 'unsupported_algorithm');
    await set('algorithms=HS256,ES256', `jwksUrl=${host.url}/keys`);
    assert.deepEqual([await ask(token), await ask(signShared())], ['grace', 'ada']);
    await set('jwksUrl=none');
    assert.equal(await ask(token), 'unsupported_algorithm');
    assert.deepEqual(host.asked, ['/keys']);
  },
  async audience({ set, ask, sign }) {
    const [none, here] = [sign(), sign({ aud: 'here' })];
    assert.deepEqual([await ask(none), await ask(here)], ['ada', 'ada']);
    await set('audience=here,there');
    assert.deepEqual([await ask(none), await ask(here)], ['wrong_audience', 'ada']);
    await set('audience=there');
    assert.equal(await ask(here), 'wrong_audience');
    await set('audience=none');
    assert.equal(await ask(none), 'ada');
  },
  async issuer({ set, ask, sign }) {
    const [none, host] = [sign(), sign({ iss: 'https://host.example' })];
    assert.equal(await ask(none), 'ada');
    await set('issuer=https://host.example');
    assert.deepEqual([await ask(none), await ask(host)], ['wrong_issuer', 'ada']);
    await set('issuer=');
    assert.equal(await ask(none), 'ada');
  },
  async maxActiveKeys({ set, ask, sign, create, clock, tool }) {
    const older = sign();
    clock.now += 1_000;
    await create();
    assert.equal(await ask(older), 'ada');
    await set('maxActiveKeys=1');
    assert.equal(await ask(older), 'invalid_signature');
    await set('maxActiveKeys=2');
    assert.equal(await ask(older), 'ada');
    assert.match((await tool(['keys', 'create', '--agent', 'shop'])).error, /2 active keys/);
  },
  async revealableKeys({ set, tool, key }) {
    const reveal = () => tool(['keys', 'reveal', '--agent', 'shop', key.id]);
    assert.equal((await reveal()).code, 1);
    await set('revealableKeys=true');
    assert.match((await reveal()).output, /^[0-9a-f]{64}\n$/);
    await set('revealableKeys=false');
    assert.deepEqual([(await reveal()).code, (await reveal()).output], [1, '']);
  },
  async claimsToAgent({ set, say, sign, agent }) {
    const token = sign({ name: 'Ada', email: 'ada@mail.com', plan: 'pro' });
    for (const value of ['', 'none', 'all', 'basic']) {
      await set(`claimsToAgent=${value}`);
      assert.equal(await say(token), 200);
    }
    const heard = agent.turns.map(({ user }) => {
      assert.ok(user.verified);
      return [user.name, user.email, user.claims['plan']];
    });
    const basic = ['Ada', 'ada@mail.com', undefined];
    assert.deepEqual(heard, [basic, [undefined, undefined, undefined], ['Ada', 'ada@mail.com', 'pro'], basic]);
  },
  async claimAnonymousConversations({ set, send, sign }) {
    const token = sign();
    for (const value of ['true', 'false', '']) {
      await set(`claimAnonymousConversations=${value}`);
      const session = newSession();
      await allFrames(await send('/chat', { session, body: sendBody('hello', { messages: [userMessage('hello')] }) }));
      const { claimedConversations } = await json(await send('/identity', { method: 'POST', token, session }));
      assert.equal(claimedConversations, value === 'false' ? 0 : 1, value);
    }
  },
};

const ids: Partial<{ readonly [Name in keyof Policy]: string }> = {
  access: 'Wo1 ',
  onInvalidToken: 'B14 H13 ',
  clockToleranceSeconds: 'Wo17 ',
  maxActiveKeys: 'Wo4 ',
  revealableKeys: 'A2 ',
  claimsToAgent: 'Wo14 ',
};

for (const [name, play] of Object.entries(settings)) {
  const id = ids[name as keyof Policy] ?? '';
  test(`${id}a change of ${name} from the command line holds from the next request to a running server on`, async (t) => {
    await play(await startWorld(t));
  });
}

test('each setting of the policy has such a change', () => {
  assert.deepEqual(Object.keys(settings).toSorted(), Object.keys(defaultPolicy).toSorted());
});
