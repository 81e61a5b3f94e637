import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import matter from 'gray-matter';
import { Marked, type Tokens } from 'marked';

/** An article of the help centre, as it stands at `/help/{slug}`. `html` holds no markup that was not Markdown. */
export type Article = {
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
  readonly html: string;
};

export type Articles = { readonly all: readonly Article[]; find(slug: string): Article | undefined };

/** Reads the Markdown files of a folder and those below it, once. A file's name, or the last step of its front matter's `url`, is its slug. */
export function createArticles(folder: string): Articles {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => readArticle(join(folder, name)))
    .toSorted((a, b) => a.title.localeCompare(b.title, 'en'));
  const bySlug = new Map(all.map((article) => [article.slug, article]));
  return { all, find: (slug) => bySlug.get(slug) };
}

function readArticle(file: string): Article {
  const { data, content } = matter(readFileSync(file, 'utf8'), { engines: yamlOnly });
  const front: Readonly<Record<string, unknown>> = data;
  const name = basename(file, '.md');
  const heading = /^\s*# (.+)\n/.exec(content);
  // The page draws the title itself.
  const body = heading ? content.slice(heading[0].length) : content;
  return {
    slug: typeof front['url'] === 'string' ? lastStep(front['url'], name) : name,
    title: typeof front['title'] === 'string' ? front['title'] : (heading?.[1]?.trim() ?? name),
    summary: firstSentence(body),
    html: markdown.parse(body, { async: false }),
  };
}

// gray-matter would run JavaScript that stands between `---js` and `---`.
const yamlOnly = Object.fromEntries(
  ['js', 'javascript', 'coffee'].map((language) => [
    language,
    (): object => {
      throw new TypeError('articles: front matter must be YAML');
    },
  ]),
);

function lastStep(url: string, otherwise: string): string {
  return new URL(url, 'http://shop').pathname.split('/').findLast((step) => step !== '') ?? otherwise;
}

function firstSentence(body: string): string {
  const paragraph = body.split(/\n\s*\n/).find((block) => /^[\p{L}\d"“*_[]/u.test(block.trim())) ?? '';
  const plain = paragraph.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[*_`]/g, '');
  return /^.*?[.!?](?=\s|$)/s.exec(plain.trim())?.[0].replaceAll(/\s+/g, ' ') ?? plain.trim();
}

const markdown = new Marked({
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeHtml(text),
    link({ href, tokens }: Tokens.Link) {
      const label = this.parser.parseInline(tokens);
      return isSafeLink(href) ? `<a href="${escapeHtml(href)}">${label}</a>` : label;
    },
    image: ({ text }: Tokens.Image) => escapeHtml(text),
  },
});

function isSafeLink(href: string): boolean {
  return (
    URL.canParse(href, 'http://shop') &&
    ['http:', 'https:', 'mailto:', 'tel:'].includes(new URL(href, 'http://shop').protocol)
  );
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
