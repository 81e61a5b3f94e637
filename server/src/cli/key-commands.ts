import { readFile } from 'node:fs/promises';
import type { ImportedKey, PublicAlgorithm } from '../identity/index.ts';
import { acceptedKeys, nameKeys } from './accepted-keys.ts';
import { endKey } from './end-key.ts';
import { listKeys } from './list-keys.ts';
import {
  asJson,
  escapeControls,
  positionalsOf,
  textFlag,
  unknownVerb,
  UsageError,
  type Invocation,
  type Say,
  type Surroundings,
} from './tool.ts';
import type { Workplace } from './workplace.ts';

const publicAlgorithms: readonly PublicAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** `keys create|import|list|reveal|rename|retire|remove`. */
export async function runKeys(invocation: Invocation, place: Workplace, surroundings: Surroundings): Promise<void> {
  const { ring, agent } = place;
  const say = (text: string, value: object): void =>
    surroundings.write(escapeControls(invocation.flags['json'] === true ? asJson(value) : `${text}\n`));
  switch (invocation.verb) {
    case 'create':
      return createKey(invocation, place, surroundings, say);
    case 'import': {
      positionalsOf(invocation);
      const imported = await readImportedKey(invocation, surroundings);
      const key = await addKey(place, surroundings, () => ring.import(agent, imported));
      return say(`Imported key "${key.id}" (${key.algorithm}, ${key.preview}). It counts from the next request on.`, {
        key,
      });
    }
    case 'list': {
      positionalsOf(invocation);
      return listKeys(place, surroundings, say);
    }
    case 'reveal': {
      const [id = ''] = positionalsOf(invocation, 'key');
      const secret = await ring.reveal(agent, id);
      return say(secret, { id, secret });
    }
    case 'rename': {
      const [id = '', name = ''] = positionalsOf(invocation, 'key', 'name');
      await ring.rename(agent.agentId, id, name);
      return say(`Key "${id}" is called "${name}".`, { id, name });
    }
    case 'retire':
    case 'remove':
      return endKey(invocation, invocation.verb, place, say);
    default:
      throw unknownVerb(invocation, ['create', 'import', 'list', 'reveal', 'rename', 'retire', 'remove']);
  }
}

async function createKey(
  invocation: Invocation,
  place: Workplace,
  surroundings: Surroundings,
  say: Say,
): Promise<void> {
  positionalsOf(invocation);
  const { ring, agent, profiles } = place;
  const { policy } = await profiles.read(agent);
  const { key, secret } = await addKey(place, surroundings, () => ring.create(agent, namingOf(invocation)));
  if (!policy.revealableKeys)
    surroundings.note('This secret is shown once. Give it to your backend now; the browser must never see it.\n');
  say(`key     ${key.id}\nsecret  ${secret}`, { key, secret });
}

/** Says whose place a new key has taken: that of the only one which may be active, or of the environment's. */
async function addKey<Added>(place: Workplace, { note }: Surroundings, add: () => Promise<Added>): Promise<Added> {
  const before = await acceptedKeys(place);
  const added = await add();
  const after = await acceptedKeys(place);
  const replaced = before.filter((id) => !after.includes(id));
  if (replaced.length > 0) {
    note(`It has taken the place of ${nameKeys(replaced)}, whose tokens are refused from now on.\n`);
  }
  return added;
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
    const text = await readText(secretFile, '--secret-file', surroundings);
    return { ...namingOf(invocation), secret: text.replace(/\r?\n$/, '') };
  }
  const known = publicAlgorithms.find((name) => name === algorithm);
  if (known === undefined) throw new UsageError(`--public-key needs --algorithm ${publicAlgorithms.join(', ')}.`);
  return {
    ...namingOf(invocation),
    algorithm: known,
    publicKey: await readText(publicKeyFile ?? '-', '--public-key', surroundings),
  };
}

/** The name of a file that is not there is not repeated: it may be the secret itself. */
async function readText(file: string, flag: string, { readInput }: Surroundings): Promise<string> {
  if (file === '-') return readInput();
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The file of ${flag} cannot be read (${error.code}).`);
  });
}
