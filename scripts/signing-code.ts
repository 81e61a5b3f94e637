// What the dashboard shows of docs/signing: one program for each language, with what its standard library has where that is enough.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export type SigningCode = {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly code: string;
};

const programs = [
  ['node', 'Node', 'sign.mjs'],
  ['python', 'Python', 'sign-plain.py'],
  ['php', 'PHP', 'sign.php'],
  ['ruby', 'Ruby', 'sign-plain.rb'],
  ['go', 'Go', 'sign.go'],
  ['java', 'Java', 'Sign.java'],
  ['perl', 'Perl', 'sign-plain.pl'],
] as const;

/** @param root of the repository */
export function collectSigningCode(root: string): Promise<readonly SigningCode[]> {
  return Promise.all(
    programs.map(async ([id, title, file]) => ({
      id,
      title,
      file,
      code: (await readFile(path.join(root, 'docs/signing', id, file), 'utf8')).trimEnd(),
    })),
  );
}
