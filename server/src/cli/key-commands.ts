import { readFile } from 'node:fs/promises';
import type { ImportedKey, KeyDescription, PublicAlgorithm } from '../identity/index.ts';
import {
  asJson,
  positionalsOf,
  shortDay,
  shortTime,
  table,
  textFlag,
  UsageError,
  type Invocation,
  type Surroundings,
} from './tool.ts';
import type { Workplace } from './workplace.ts';

const publicAlgorithms: readonly PublicAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** `keys create|import|list|reveal|rename|retire|remove`. */
export async function runKeys(invocation: Invocation, place: Workplace, surroundings: Surroundings): Promise<void> {
  const { ring, agent } = place;
  const { agentId } = agent;
  const say = (text: string, value: object): void =>
    surroundings.write(invocation.flags['json'] === true ? asJson(value) : `${text}\n`);
  switch (invocation.verb) {
    case 'create':
      return createKey(invocation, place, surroundings, say);
    case 'import': {
      positionalsOf(invocation);
      const key = await ring.import(agent, await readImportedKey(invocation, surroundings));
      return say(`Imported key "${key.id}" (${key.algorithm}, ${key.preview}). It counts from the next request on.`, {
        key,
      });
    }
    case 'list': {
      positionalsOf(invocation);
      const keys = await ring.list(agentId);
      return say(describeKeys(keys, place).trimEnd(), {
        keys,
        configured: agent.keys?.map(({ id, algorithm }) => ({ id, algorithm })) ?? null,
      });
    }
    case 'reveal': {
      const [id = ''] = positionalsOf(invocation, 'key');
      const secret = await ring.reveal(agent, id);
      return say(secret, { id, secret });
    }
    case 'rename': {
      const [id = '', name = ''] = positionalsOf(invocation, 'key', 'name');
      await ring.rename(agentId, id, name);
      return say(`Key "${id}" is called "${name}".`, { id, name });
    }
    case 'retire':
    case 'remove': {
      const [id = ''] = positionalsOf(invocation, 'key');
      await ring[invocation.verb](agentId, id);
      return say(`Key "${id}" is ${invocation.verb}d: its tokens are refused from the next request on.`, { id });
    }
    default:
      throw new UsageError(`There is no command "keys ${invocation.verb}".`);
  }
}

async function createKey(
  invocation: Invocation,
  { ring, agent, profiles }: Workplace,
  { note }: Surroundings,
  say: (text: string, value: object) => void,
): Promise<void> {
  positionalsOf(invocation);
  const before = (await ring.list(agent.agentId)).filter(({ state }) => state === 'active');
  const { policy } = await profiles.read(agent);
  const { key, secret } = await ring.create(agent, namingOf(invocation));
  if (!policy.revealableKeys)
    note('This secret is shown once. Give it to your backend now; the browser must never see it.\n');
  if (policy.maxActiveKeys === 1 && before.length > 0) {
    note(
      `It has taken the place of "${before.map(({ id }) => id).join('", "')}", whose tokens are refused from now on.\n`,
    );
  }
  say(`key     ${key.id}\nsecret  ${secret}`, { key, secret });
}

function namingOf(invocation: Invocation) {
  return { id: textFlag(invocation, 'id'), name: textFlag(invocation, 'name') };
}

/** From a file or standard input, never from the command line: other users of the machine can read that. */
async function readImportedKey(invocation: Invocation, surroundings: Surroundings): Promise<ImportedKey> {
  const [secretFile, publicKeyFile] = [textFlag(invocation, 'secret-file'), textFlag(invocation, 'public-key')];
  const algorithm = textFlag(invocation, 'algorithm');
  if ((secretFile === undefined) === (publicKeyFile === undefined)) {
    throw new UsageError('import needs --secret-file <file | ->, or --public-key <file | -> with --algorithm.');
  }
  if (secretFile !== undefined) {
    if (algorithm !== undefined && algorithm !== 'HS256') throw new UsageError('A secret is for HS256.');
    const text = await readText(secretFile, surroundings);
    return { ...namingOf(invocation), secret: text.replace(/\r?\n$/, '') };
  }
  const known = publicAlgorithms.find((name) => name === algorithm);
  if (known === undefined) throw new UsageError(`--public-key needs --algorithm ${publicAlgorithms.join(', ')}.`);
  return { ...namingOf(invocation), algorithm: known, publicKey: await readText(publicKeyFile ?? '-', surroundings) };
}

async function readText(file: string, { readInput }: Surroundings): Promise<string> {
  if (file === '-') return readInput();
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code}).`);
  });
}

function describeKeys(keys: readonly KeyDescription[], { agent }: Workplace): string {
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.algorithm,
    key.state,
    key.preview,
    shortTime(key.createdAt),
    shortTime(key.retiredAt),
    shortDay(key.lastUsedDay),
  ]);
  const heading = ['KEY', 'NAME', 'ALGORITHM', 'STATE', 'PREVIEW', 'CREATED (UTC)', 'RETIRED', 'LAST USED'];
  const stored = rows.length === 0 ? 'No keys are stored.\n' : table([heading, ...rows]);
  return `${stored}${whatCounts(keys, agent)}`;
}

function whatCounts(keys: readonly KeyDescription[], agent: Workplace['agent']): string {
  if (agent.keys !== undefined) {
    const ids = agent.keys.map(({ id }) => id).join(', ') || 'none';
    return `\nThe configuration file names this agent's keys (${ids}): those count, stored ones do not.\n`;
  }
  const usesEnvironment = keys.length === 0 && agent.environmentKeys.length > 0;
  return usesEnvironment ? '\nThe key of WIDGET_JWT_HMAC_SECRET counts, as long as none is stored.\n' : '';
}
