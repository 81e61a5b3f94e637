// node sign.mjs 42 "Ada Lovelace" ada@shop.example
import { fileURLToPath } from 'node:url';
import jwt from 'jsonwebtoken';

const secret = process.env.WIDGET_JWT_HMAC_SECRET;
if (!secret) throw new Error('WIDGET_JWT_HMAC_SECRET is not set');

/** @param {{ id: number | string, name?: string, email?: string }} user who is signed in, from your own session */
export function widgetToken(user) {
  // String(undefined) is a name too: everybody without an id would be one and the same person.
  if (user.id == null || user.id === '') throw new TypeError('widgetToken: the user has no id');
  const claims = { sub: String(user.id), name: user.name, email: user.email };
  return jwt.sign(claims, secret, { algorithm: 'HS256', expiresIn: '1h' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [id = '', name, email] = process.argv.slice(2);
  if (!/^\d+$/.test(id)) throw new TypeError('usage: node sign.mjs <id> [name] [email]');
  console.log(widgetToken({ id: Number(id), name, email }));
}
