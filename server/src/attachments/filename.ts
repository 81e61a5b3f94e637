const maxCharacters = 200;
const maxExtension = 20;

/**
 * A name for a file, as it may be shown and saved: one line without a path, without characters that are not seen or that turn
 * others around (Unicode's Cc, Cf, Zl, Zp, Default_Ignorable_Code_Point; the empty braille cell), without those that file systems give a meaning, at most 200 characters with its
 * extension kept. `file` where nothing is left.
 */
export function cleanFilename(text: string): string {
  const line = text
    .slice(0, 4_000)
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800\uFFFD]/gu, '')
    .replaceAll(/\s+/gu, ' ');
  const base = line.split(/[/\\]/).at(-1) ?? '';
  const name = base.replaceAll(/[<>:"|?*]/g, '_').replaceAll(/^[. ]+|[. ]+$/g, '');
  return name === '' ? 'file' : shorten(name);
}

function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= maxCharacters) return name;
  const extension = [...(/\.[^.]+$/.exec(name)?.[0] ?? '')];
  const kept = extension.length <= maxExtension ? extension : [];
  return [...characters.slice(0, maxCharacters - kept.length), ...kept].join('');
}
