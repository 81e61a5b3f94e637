import type { Claims } from '../../../src/protocol/index.ts';
import { preview } from './text.ts';

const maxCharacters = 200;

/** Name and e-mail among the claims of a contact (JSON), each one line of at most 200 characters, as lists show them. */
export function contactTexts(claims: string | undefined): {
  readonly name: string | null;
  readonly email: string | null;
} {
  const said = claims === undefined ? {} : (JSON.parse(claims) as Claims);
  return { name: contactText(said['name']), email: contactText(said['email']) };
}

export function contactText(value: unknown): string | null {
  return (typeof value === 'string' && preview(value, maxCharacters)) || null;
}
