// node sign-jose.mjs 42 "Ada Lovelace" ada@shop.example
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';

if (!process.env.WIDGET_JWT_HMAC_SECRET) throw new Error('WIDGET_JWT_HMAC_SECRET is not set');
// The bytes of its text, also where it looks like hexadecimal.
const secret = new TextEncoder().encode(process.env.WIDGET_JWT_HMAC_SECRET);

/** @param {{ id: number | string, name?: string, email?: string }} user who is signed in, from your own session */
export async function widgetToken(user) {
  // String(undefined) is a name too: everybody without an id would be one and the same person.
  if (user.id == null || user.id === '') throw new TypeError('widgetToken: the user has no id');
  return new SignJWT({ name: user.name, email: user.email })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(String(user.id))
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(secret);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [id = '', name, email] = process.argv.slice(2);
  if (!/^\d+$/.test(id)) throw new TypeError('usage: node sign-jose.mjs <id> [name] [email]');
  console.log(await widgetToken({ id: Number(id), name, email }));
}
