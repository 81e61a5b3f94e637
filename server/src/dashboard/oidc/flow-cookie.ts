import { z } from 'zod';
import { readCookie } from '../cookie.ts';
import type { OidcFlow } from './issuer.ts';

const name = '__Host-chat-oidc';
export const flowLastsSeconds = 600;

const flowSchema = z.strictObject({
  state: z.string().min(20).max(200),
  nonce: z.string().min(20).max(200),
  verifier: z.string().min(20).max(200),
  next: z.string().max(2_000),
});

/** A sign-in that is under way in this browser, and where it leads. */
export type KeptFlow = OidcFlow & { readonly next: string };

/** `Lax`: the issuer sends the browser back from its own site. The browser keeps it for this server alone, out of reach of scripts. */
export function keepFlow(flow: KeptFlow): string {
  const value = Buffer.from(JSON.stringify(flow)).toString('base64url');
  return `${name}=${value}; Path=/; Max-Age=${flowLastsSeconds}; Secure; HttpOnly; SameSite=Lax`;
}

export function forgetFlow(): string {
  return `${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`;
}

export function readFlow(headers: Headers): KeptFlow | undefined {
  const value = readCookie(headers, name);
  if (value === undefined) return undefined;
  try {
    return flowSchema.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
  } catch {
    return undefined;
  }
}
