import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const saltBytes = 16;
const keyBytes = 64;

/** A password as the shop keeps it: scrypt (RFC 7914) with Node's default cost over a random 16-byte salt. */
export type PasswordHash = { readonly salt: Buffer; readonly key: Buffer };

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(saltBytes);
  return { salt, key: await derive(password, salt, keyBytes) };
}

export async function passwordMatches(password: string, hash: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, hash.salt, keyBytes), hash.key);
}
