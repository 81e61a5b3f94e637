import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const minSecretBytes = 32;

export type DemoSecrets = {
  /** With which the demo shop signs and the chat server verifies. */
  readonly visitors: string;
  /** With which the chat server signs its calls and the shop verifies them. */
  readonly actions: string;
};

/**
 * What the demo shop and the chat server share: from the environment, or made at the first start and kept in the data
 * directory, readable by this account only. Throws a `TypeError` for a short one.
 */
export function readDemoSecrets(environment: Readonly<NodeJS.ProcessEnv>, dataFolder: string): DemoSecrets {
  return {
    visitors: readSecret(environment, 'WIDGET_JWT_HMAC_SECRET', join(dataFolder, 'demo-secret')),
    actions: readSecret(environment, 'CHAT_ACTIONS_SECRET', join(dataFolder, 'demo-actions-secret')),
  };
}

function readSecret(environment: Readonly<NodeJS.ProcessEnv>, variable: string, file: string): string {
  const given = environment[variable];
  if (given) return requireLong(given, variable);
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
