const maxCharacters = 60;

/**
 * A name that every file system takes: letters, digits and dashes alone. What a title could hold beside them (slashes, dots, a
 * second extension, a device's name) is not in it.
 *
 * @param time milliseconds since the epoch; its day stands at the end
 */
export function fileName(title: string, time: number): string {
  const words = title.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const name = [...words.join('-')].slice(0, maxCharacters).join('');
  const date = new Date(time);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => `${part}`.padStart(2, '0'));
  return `${[name || 'chat', ...day].join('-')}.txt`;
}
