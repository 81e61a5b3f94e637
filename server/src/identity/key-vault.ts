import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { KeysUnavailableError } from './keys-unavailable.ts';

/** Where the master key comes from: 32 bytes. Both may throw {@link KeysUnavailableError} for one that cannot be read. */
export type MasterKeySource = {
  /** The master key, or undefined where there is none. */
  find(): Uint8Array | undefined;
  /** The master key, made where there is none. */
  obtain(): Uint8Array;
};

/** What a sealed text belongs to: it opens nowhere else. */
type Place = { readonly agentId: string; readonly keyId: string };

export type KeyVault = {
  /** Encrypts a secret. `others`: what is sealed already, so that one database has one master key. */
  seal(secret: string, place: Place, others: readonly string[]): string;
  open(sealed: string, place: Place): string;
};

const version = 'v1';
const keyBytes = 32;
/** NIST SP 800-38D, 8.2.2: random, 96 bits. */
const nonceBytes = 12;

/**
 * Seals secrets with AES-256-GCM, under a key that is derived from the master key (HKDF-SHA256) and bound to agent and key id.
 *
 * A sealed text is `v1.<id of the master key>.<nonce>.<ciphertext>.<tag>`; the id (16 hex digits, derived too) tells which
 * master key is asked for, so that a wrong one is named rather than guessed at, and a later one can stand beside it.
 *
 * Both throw {@link KeysUnavailableError} where the master key is missing, or not the one that the texts were sealed with.
 */
export function createKeyVault(source: MasterKeySource): KeyVault {
  return {
    seal(secret, place, others) {
      const known = source.find();
      if (known === undefined && others.length > 0) throw missingMasterKey();
      const { id, key } = derive(known ?? source.obtain());
      if (others.some((sealed) => sealed.split('.')[1] !== id)) throw wrongMasterKey();
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bindingOf(place));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return [version, id, ...[nonce, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
    },
    open(sealed, place) {
      const master = source.find();
      if (master === undefined) throw missingMasterKey();
      const { id, key } = derive(master);
      const [format, sealedBy, ...parts] = sealed.split('.');
      if (format !== version)
        throw new KeysUnavailableError('A stored signing key has a format that is not known here.');
      if (sealedBy !== id) throw wrongMasterKey();
      const [nonce, text, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
      return decrypt(key, { nonce, text, tag }, place);
    },
  };
}

type Sealed = { readonly [Part in 'nonce' | 'text' | 'tag']: Buffer | undefined };

function decrypt(key: Buffer, { nonce, text, tag }: Sealed, place: Place): string {
  try {
    if (nonce === undefined || text === undefined || tag === undefined) throw new TypeError('a part is missing');
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
    decipher.setAAD(bindingOf(place)).setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch {
    const message = `The stored signing key "${place.keyId}" of agent "${place.agentId}" was changed or moved: remove it.`;
    throw new KeysUnavailableError(message);
  }
}

function derive(master: Uint8Array): { readonly id: string; readonly key: Buffer } {
  const make = (purpose: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', master, '', `chat-widget-server ${version} ${purpose}`, bytes));
  return { id: make('master key id', 8).toString('hex'), key: make('signing keys', keyBytes) };
}

function bindingOf({ agentId, keyId }: Place): Buffer {
  return Buffer.from(JSON.stringify([version, agentId, keyId]));
}

function missingMasterKey(): KeysUnavailableError {
  return new KeysUnavailableError(
    'The signing keys in the database are encrypted, and the master key is missing: set CHAT_MASTER_KEY, or put the file ' +
      'master.key back into the data directory.',
  );
}

function wrongMasterKey(): KeysUnavailableError {
  return new KeysUnavailableError(
    'The signing keys in the database were encrypted with another master key: set the CHAT_MASTER_KEY (or restore the ' +
      'file master.key) that they were made with.',
  );
}
