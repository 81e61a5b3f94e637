import { z } from 'zod';
import { acceptedKeyIds, type ImportedKey, type KeyDescription, type KeyRing } from '../../identity/index.ts';
import { createSignInLimits, type SignInLimits } from '../accounts/sign-in-limits.ts';
import { DashboardProblem, invalidField } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { done, json, type DashboardRoute, type OperatorCall } from '../route.ts';
import { listKeys } from '../security/key-list.ts';
import { keyProblem } from '../security/key-problem.ts';

const idSchema = z.string().regex(/^[\w.-]{1,64}$/, 'An id is 1 to 64 of A-Z a-z 0-9 _ . -');
const nameSchema = z.string('Give it a name.').trim().min(1, 'Give it a name.').max(100, 'At most 100 characters.');
const creationSchema = z.strictObject({ id: idSchema.optional(), name: nameSchema.optional() });
const importSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('secret'),
      ...creationSchema.shape,
      secret: z.string('Paste the secret.').min(1, 'Paste the secret.').max(4_096, 'At most 4,096 characters.'),
    }),
    z.strictObject({
      kind: z.literal('public'),
      ...creationSchema.shape,
      algorithm: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA'], 'Choose RS256, PS256, ES256 or EdDSA.'),
      publicKey: z.string('Paste the key.').min(1, 'Paste the key.').max(20_000, 'At most 20,000 characters.'),
    }),
  ],
  'must be secret or public',
);
const renameSchema = z.strictObject({ name: nameSchema });
const revealSchema = z.strictObject({
  password: z.string('Say your password.').min(1, 'Say your password.').max(1_000),
});
const removeSchema = z.strictObject({ confirm: z.string('Type the name of the key.').max(1_000) });

/** An agent's keys: administrators alone. */
export function keyRoutes(): readonly DashboardRoute[] {
  const limits = createSignInLimits();
  const keys = '/agents/:agentId/keys';
  return [
    { method: 'GET', path: keys, role: 'admin', handle: showKeys },
    { method: 'POST', path: keys, role: 'admin', handle: createKey },
    { method: 'POST', path: `${keys}/import`, role: 'admin', handle: importKey },
    { method: 'PATCH', path: `${keys}/:id`, role: 'admin', handle: renameKey },
    { method: 'POST', path: `${keys}/:id/reveal`, role: 'admin', handle: (call) => revealKey(call, limits) },
    { method: 'POST', path: `${keys}/:id/retire`, role: 'admin', handle: retireKey },
    { method: 'DELETE', path: `${keys}/:id`, role: 'admin', handle: removeKey },
  ];
}

/** The agent's identity, and its keys in the name of whoever calls. */
function placeOf({ requireAgent, parameter, services, operator }: OperatorCall) {
  const { identity } = requireAgent(parameter('agentId'));
  return { identity, ring: services.keys.by({ id: operator.id, name: operator.name }) };
}

/** The ids of the keys whose tokens are accepted now, those of a JWKS left aside. */
async function acceptedNow({ services }: OperatorCall, identity: ReturnType<typeof placeOf>['identity']) {
  const { policy } = await services.profiles.read(identity);
  return acceptedKeyIds(await services.store.keys.list(identity.agentId), identity, policy);
}

async function showKeys(call: OperatorCall): Promise<Response> {
  return json(await listKeys({ ...call.services, ...placeOf(call) }));
}

async function createKey(call: OperatorCall): Promise<Response> {
  const { identity, ring } = placeOf(call);
  const naming = await readInput(call, creationSchema);
  return addKey(call, 'name', () => ring.create(identity, naming));
}

async function importKey(call: OperatorCall): Promise<Response> {
  const { identity, ring } = placeOf(call);
  const { kind, ...input } = await readInput(call, importSchema);
  const imported: ImportedKey = input;
  const material = kind === 'secret' ? 'secret' : 'publicKey';
  return addKey(call, material, async () => ({ key: await ring.import(identity, imported) }));
}

/** Says whose place a new key has taken: that of the only one which may be active, or of the environment's. */
async function addKey(
  call: OperatorCall,
  material: 'secret' | 'publicKey' | 'name',
  add: () => Promise<{ readonly key: KeyDescription; readonly secret?: string }>,
): Promise<Response> {
  const { identity } = placeOf(call);
  const before = await acceptedNow(call, identity);
  const { key, secret } = await refusing(material, add);
  const after = await acceptedNow(call, identity);
  const replaced = before.filter((id) => !after.includes(id));
  const { id, name, algorithm, preview } = key;
  return json({ key: { id, name, algorithm, preview }, replaced, ...(secret === undefined ? {} : { secret }) }, 201);
}

async function renameKey(call: OperatorCall): Promise<Response> {
  const { identity, ring } = placeOf(call);
  const { name } = await readInput(call, renameSchema);
  await refusing('name', () => ring.rename(identity.agentId, call.parameter('id'), name));
  return done();
}

/** The password is asked for again: whoever finds a browser open must not walk away with a secret. */
async function revealKey(call: OperatorCall, limits: SignInLimits): Promise<Response> {
  const { identity, ring } = placeOf(call);
  const { operator, accounts, services } = call;
  const { password } = await readInput(call, revealSchema);
  const credentials = await services.store.operators.credentials(operator.id);
  if (credentials?.passwordHash === null) throw new DashboardProblem('forbidden', { detail: noPassword });
  await limits.ofAccount(operator.email);
  if (!(await accounts.isPasswordOf(operator.id, password))) {
    throw invalidField('password', 'This is not your password.');
  }
  await limits.forgive(operator.email);
  const secret = await refusing('name', () => ring.reveal(identity, call.parameter('id')));
  return json({ secret });
}

const noPassword =
  'Your account has no password, because you sign in by your organisation: an administrator who has one can show it, or make a new key.';

async function retireKey(call: OperatorCall): Promise<Response> {
  const id = call.parameter('id');
  return endKey(call, (ring, agentId) => ring.retire(agentId, id));
}

async function removeKey(call: OperatorCall): Promise<Response> {
  const { identity, ring } = placeOf(call);
  const id = call.parameter('id');
  const key = (await ring.list(identity.agentId)).find((each) => each.id === id);
  if (key === undefined) throw new DashboardProblem('not_found', { detail: 'There is no such key.' });
  const { confirm } = await readInput(call, removeSchema);
  if (confirm.trim() !== key.name) throw invalidField('confirm', 'This is not the name of the key.');
  return endKey(call, (own, agentId) => own.remove(agentId, id));
}

/** With what it means: another key may hold the same secret, or come back into its place. */
async function endKey(call: OperatorCall, end: (ring: KeyRing, agentId: string) => Promise<void>): Promise<Response> {
  const { identity, ring } = placeOf(call);
  const same = await ring.sameAs(identity, call.parameter('id'));
  const before = await acceptedNow(call, identity);
  await refusing('name', () => end(ring, identity.agentId));
  const after = await acceptedNow(call, identity);
  return json({
    stillAcceptedBy: same.filter((id) => after.includes(id)),
    countsAgain: after.filter((id) => !before.includes(id)),
    accepted: after,
  });
}

async function refusing<Result>(material: Parameters<typeof keyProblem>[1], work: () => Promise<Result>) {
  try {
    return await work();
  } catch (error) {
    throw keyProblem(error, material);
  }
}
