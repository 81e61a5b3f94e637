import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { KeysUnavailableError, type MasterKeySource } from '../identity/index.ts';

const fileName = 'master.key';
const form = /^[0-9a-f]{64}$/;

/**
 * The key that stored signing keys are encrypted with: `CHAT_MASTER_KEY`; without it the file `master.key` of the data
 * directory, made (mode 0600) at the first start of a server, or by the command that stores the first key. With Postgres there is no such file, because its
 * servers need not share a disk.
 *
 * Both functions throw KeysUnavailableError for a file that cannot be read, is no key, or is open to other users.
 */
export function createMasterKeySource(from: {
  readonly environmentKey: Uint8Array | undefined;
  /** Undefined with Postgres. */
  readonly dataDirectory: string | undefined;
}): MasterKeySource {
  const { environmentKey, dataDirectory } = from;
  let known = environmentKey;
  const find = (): Uint8Array | undefined => {
    known ??= dataDirectory === undefined ? undefined : readKeyFile(join(dataDirectory, fileName));
    return known;
  };
  return {
    find,
    obtain() {
      const found = find();
      if (found !== undefined) return found;
      if (dataDirectory === undefined) {
        const message =
          'With Postgres (DATABASE_URL) set CHAT_MASTER_KEY before keys are stored: the same one for every server and for this ' +
          'command. Make one with: openssl rand -hex 32';
        throw new KeysUnavailableError(message);
      }
      makeKeyFile(dataDirectory);
      const made = find();
      if (made === undefined) throw new KeysUnavailableError(`${join(dataDirectory, fileName)} could not be made.`);
      return made;
    },
  };
}

function readKeyFile(path: string): Uint8Array | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new KeysUnavailableError(`The master key cannot be read (${path}: ${code}).`);
  }
  try {
    if (process.platform !== 'win32' && (fstatSync(file).mode & 0o077) !== 0) {
      throw new KeysUnavailableError(`Other users may read the master key: chmod 600 ${path}`);
    }
    const text = readFileSync(file, 'utf8').trim();
    if (!form.test(text)) throw new KeysUnavailableError(`${path} holds no master key (64 hexadecimal digits).`);
    return Uint8Array.from(Buffer.from(text, 'hex'));
  } finally {
    closeSync(file);
  }
}

/** Whole or not at all: a link is made in one step, and of two processes one makes it. */
function makeKeyFile(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const draft = join(directory, `${fileName}.${randomBytes(6).toString('hex')}`);
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(32).toString('hex')}\n`);
    fsyncSync(file);
    linkSync(draft, join(directory, fileName));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
}
