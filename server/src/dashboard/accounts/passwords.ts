/** Argon2id as OWASP recommends it: 19 MiB, two passes, one lane (the library's default algorithm is argon2id). */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** In characters (UTF-16). */
export const passwordLength = { min: 12, max: 256 } as const;

/** Native code, loaded with the first password: where it is missing the chat goes on, and the command line, too. */
const argon2 = () => import('@node-rs/argon2');

/** As a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await argon2();
  return hash(password.normalize('NFKC'), cost);
}

let decoy: Promise<string> | undefined;

/** Takes as long for somebody who does not exist, or has no password, as for a wrong one. */
export async function isPassword(password: string, passwordHash: string | null | undefined): Promise<boolean> {
  const { verify } = await argon2();
  decoy ??= hashPassword('nobody has this one');
  const isRight = await verify(passwordHash ?? (await decoy), password.normalize('NFKC'));
  return isRight && typeof passwordHash === 'string';
}
