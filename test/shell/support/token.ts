import type { Claims } from '../../../src/protocol/index.ts';

/** A JWT in shape. Its signature says outright whether the server of these tests takes it for good. */
export function token(claims: Claims, signature: 'good' | 'bad' = 'good'): string {
  const encode = (value: object): string =>
    btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}.${signature}`;
}

export function claimsOf(text: string): Claims | undefined {
  try {
    const payload = (text.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(atob(payload)) as Claims;
  } catch {
    return undefined;
  }
}
