import type { StartShopOptions } from './start-shop.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `DEMO_PORT` (3000), `DEMO_HOST` (127.0.0.1), `CHAT_URL` (http://localhost:8787), `WIDGET_JWT_HMAC_SECRET`
 * (required), `CHAT_ACTIONS_SECRET` (none: nothing for the chat server to call) and `DEMO_TOKEN_TTL_SECONDS` (3600). Throws a `TypeError` that names the variable.
 */
export function readShopEnvironment(environment: Environment): StartShopOptions {
  const secret = environment['WIDGET_JWT_HMAC_SECRET'];
  if (!secret) {
    throw new TypeError(
      'WIDGET_JWT_HMAC_SECRET is not set: the shop signs with the key that the chat server verifies with.',
    );
  }
  return {
    secret,
    actionsSecret: environment['CHAT_ACTIONS_SECRET'] || undefined,
    chatUrl: environment['CHAT_URL'] || 'http://localhost:8787',
    port: readNumber(environment, 'DEMO_PORT', { otherwise: 3000, min: 0, max: 65_535 }),
    hostname: environment['DEMO_HOST'] || '127.0.0.1',
    tokenTtlSeconds: readNumber(environment, 'DEMO_TOKEN_TTL_SECONDS', { otherwise: 3600, min: 1, max: 86_400 }),
  };
}

/** A whole number from the environment. Throws a `TypeError` that names the variable and its range. */
export function readNumber(
  environment: Environment,
  name: string,
  { otherwise, min, max }: { otherwise: number; min: number; max: number },
): number {
  const text = environment[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new TypeError(`${name} must be a whole number from ${min} to ${max}.`);
}
