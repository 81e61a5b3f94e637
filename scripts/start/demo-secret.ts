import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const minSecretBytes = 32;

/**
 * The key with which the demo shop signs and the chat server verifies: from the environment, or made at the first start
 * and kept in `demo-secret` in the data directory, readable by this account only. Throws a `TypeError` for a short one.
 */
export function readDemoSecret(fromEnvironment: string | undefined, dataFolder: string): string {
  if (fromEnvironment) return requireLong(fromEnvironment, 'WIDGET_JWT_HMAC_SECRET');
  const file = join(dataFolder, 'demo-secret');
  // 'wx' never overwrites; of two first starts at once one makes the key and both read it.
  if (!existsSync(file)) writeNew(file, `${randomBytes(32).toString('hex')}\n`);
  return requireLong(readFileSync(file, 'utf8').trim(), file);
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function requireLong(secret: string, where: string): string {
  if (Buffer.byteLength(secret) >= minSecretBytes) return secret;
  throw new TypeError(
    `${where}: a signing key needs at least ${minSecretBytes} bytes. \`openssl rand -hex 32\` makes one.`,
  );
}
