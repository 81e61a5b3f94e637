import { randomBytes } from 'node:crypto';

const maxBaseCharacters = 40;

/** An id that can be read, out of a name: `fernhill-help`; with four letters more where that is taken. */
export function agentIdFor(name: string, isTaken: (id: string) => boolean): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, maxBaseCharacters)
    .replaceAll(/^-+|-+$/g, '');
  const base = plain === '' ? 'agent' : plain;
  if (!isTaken(base)) return base;
  for (;;) {
    const id = `${base}-${randomBytes(2).toString('hex')}`;
    if (!isTaken(id)) return id;
  }
}
