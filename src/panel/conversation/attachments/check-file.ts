import type { AttachmentLimits } from '../../../protocol/index.ts';
import type { Strings } from '../../../strings/index.ts';
import { formatBytes } from './format-bytes.ts';

/**
 * Why a file cannot be attached, as a sentence; undefined where it can, as far as that is known before the server has seen
 * it. A file that the browser knows no type for is left to the server, which goes by the content.
 */
export function checkFile(file: File, limits: AttachmentLimits, strings: Strings, locale: string): string | undefined {
  if (file.type !== '' && !limits.types.some((type) => matches(file.type, type)))
    return `${strings.fileType(file.name)} ${strings.fileTypes(typeNames(limits.types, strings, locale))}`;
  if (file.size > limits.maxBytes) return strings.fileTooLarge(file.name, formatBytes(limits.maxBytes, locale));
  return undefined;
}

/** @param pattern a media type, or `image/*` for all of a kind, or the star alone for all there are */
function matches(type: string, pattern: string): boolean {
  const [plain = ''] = type.toLowerCase().split(';');
  const wanted = pattern.toLowerCase();
  if (wanted === '*' || wanted === '*/*') return true;
  return wanted.endsWith('/*') ? plain.startsWith(wanted.slice(0, -1)) : plain.trim() === wanted;
}

/** As people call what a media type's own name does not say. */
const names: { readonly [type: string]: string } = {
  plain: 'TXT',
  'svg+xml': 'SVG',
  msword: 'DOC',
  'vnd.ms-excel': 'XLS',
  'vnd.ms-powerpoint': 'PPT',
  'vnd.openxmlformats-officedocument.wordprocessingml.document': 'DOCX',
  'vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'XLSX',
  'vnd.openxmlformats-officedocument.presentationml.presentation': 'PPTX',
};

/** "PNG, PDF, TXT". What has no short name is said as it is: `audio/*`. */
function typeNames(types: readonly string[], { image }: Strings, locale: string): string {
  const said = types.map((type) => {
    if (type === 'image/*') return image;
    const [, own = ''] = type.toLowerCase().split('/');
    return names[own] ?? (/^[a-z\d]{2,8}$/.test(own) ? own.toUpperCase() : type);
  });
  return new Intl.ListFormat(locale, { type: 'unit' }).format(said);
}
