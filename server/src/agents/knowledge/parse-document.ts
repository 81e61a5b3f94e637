import matter from 'gray-matter';
import type { KnowledgeDocument } from './document.ts';
import { KnowledgeError } from './knowledge-error.ts';
import { firstHeading, splitPassages } from './split-passages.ts';

const maxKeywords = 100;
const maxKeywordCharacters = 80;
const maxTitleCharacters = 200;
const maxUrlCharacters = 2_000;

/** gray-matter evaluates `---js` blocks unless its engines are replaced; nothing but YAML data may be read here. */
const refuse = (): object => {
  throw new Error('only YAML front matter is accepted');
};
const engines = { javascript: refuse, js: refuse, coffee: refuse, coffeescript: refuse, cson: refuse, json: refuse };

/**
 * Reads one Markdown file.
 *
 * @param id the file's path below its folder
 * @param path the whole path, for error messages
 * @returns undefined for a file without text
 * @throws KnowledgeError `knowledge_invalid` where the front matter is not a YAML mapping
 */
export function parseDocument(id: string, source: string, path: string): KnowledgeDocument | undefined {
  const { data, content } = readFrontMatter(source.replace(/^\uFEFF/, ''), path);
  const title = textField(data['title'], maxTitleCharacters) ?? firstHeading(content) ?? nameOf(id);
  const passages = splitPassages(content, title);
  if (passages.length === 0) return undefined;
  const url = siteUrl(data['url'], path);
  return {
    id,
    title,
    ...(url === undefined ? {} : { url }),
    keywords: keywordsOf(data['keywords']),
    ...(data['featured'] === true ? { featured: true } : {}),
    passages,
  };
}

function readFrontMatter(source: string, path: string): { data: { [name: string]: unknown }; content: string } {
  // A word after the dashes names another language; gray-matter would look for an engine of that name.
  if (/^---[^\S\r\n]*[^\s-]/.test(source)) {
    throw new KnowledgeError(
      'knowledge_invalid',
      path,
      `${path}: only YAML front matter is accepted, opened by a line "---"`,
    );
  }
  try {
    const { data, content } = matter(source, { engines, language: 'yaml' });
    return { data, content };
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new KnowledgeError('knowledge_invalid', path, `${path}: its front matter is not valid YAML (${detail})`);
  }
}

function textField(value: unknown, maxCharacters: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.replace(/\s+/g, ' ').trim().slice(0, maxCharacters) || undefined;
}

function keywordsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  return list.slice(0, maxKeywords).flatMap((word) => textField(word, maxKeywordCharacters) ?? []);
}

/** Only what a visitor can safely be sent to: a path on the host's own site, or http(s). */
function siteUrl(value: unknown, path: string): string | undefined {
  const url = textField(value, maxUrlCharacters);
  if (url === undefined) return undefined;
  if (/^\/(?![/\\])[^\s\\]*$/.test(url)) return url;
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  throw new KnowledgeError(
    'knowledge_invalid',
    path,
    `${path}: "url" must be a path that starts with one "/" or an http(s) address`,
  );
}

function nameOf(id: string): string {
  return (id.split('/').at(-1) ?? id).replace(/\.md$/i, '').replace(/[-_]+/g, ' ');
}
