import { angularFiles, reactFiles, svelteFiles, vueFiles } from './framework-snippets.ts';
import { shopifyFiles, wordPressFiles } from './shop-snippets.ts';
import {
  attributes,
  elementAttributes,
  scriptAttributes,
  scriptTag,
  type FilesFor,
  type SnippetFile,
  type SnippetTarget,
} from './snippet-parts.ts';

export type Snippet = {
  readonly id: 'script' | 'markup' | 'react' | 'vue' | 'svelte' | 'angular' | 'wordpress' | 'shopify';
  readonly title: string;
  readonly hint: string;
  /** Beside it, where the site says who its visitors are. */
  readonly tokenHint: string;
  /** For a site whose visitors stay unknown. */
  readonly files: readonly SnippetFile[];
  /** For a site that says who they are, by a token that its backend signs. */
  readonly identifiedFiles: readonly SnippetFile[];
};

const tokenPath = '/chat-token';
const asksOwnSite = `It asks ${tokenPath} of your own site for the token: a POST that answers {"token": "…"}, made by the code below, and 204 where nobody is signed in.`;
const needsPackage = 'Needs the package chat-widget in your project (docs/frameworks.md says how to install it).';

type Kind = Pick<Snippet, 'id' | 'title' | 'hint'> & { readonly tokenHint?: string; readonly files: FilesFor };

const kinds: readonly Kind[] = [
  { id: 'script', title: 'Script tag', hint: 'Before </body> on each page.', files: scriptFiles },
  { id: 'markup', title: 'Markup', hint: 'Where the chat stands in your own markup.', files: markupFiles },
  { id: 'react', title: 'React', hint: `React 19. ${needsPackage}`, files: reactFiles },
  { id: 'vue', title: 'Vue', hint: `Vue 3. ${needsPackage}`, files: vueFiles },
  { id: 'svelte', title: 'Svelte', hint: `Svelte 5. ${needsPackage}`, files: svelteFiles },
  { id: 'angular', title: 'Angular', hint: needsPackage, files: angularFiles },
  {
    id: 'wordpress',
    title: 'WordPress',
    hint: 'A plugin of one file, for WordPress 6.3 or newer: upload it, then activate it.',
    tokenHint: 'It signs the tokens itself; the secret belongs into wp-config.php, as CHAT_WIDGET_SECRET.',
    files: wordPressFiles,
  },
  {
    id: 'shopify',
    title: 'Shopify',
    hint: 'Online Store, Themes, Edit code: before </body> of theme.liquid.',
    tokenHint:
      'The token comes from an app proxy of yours at /apps/chat, which learns from Shopify who is signed in (logged_in_customer_id) and answers {"token": "…"}, made by the code below.',
    files: shopifyFiles,
  },
];

/** The code that puts an agent on a page, for each kind of site. `styles` go with each. */
export function snippetsFor(target: SnippetTarget, styles: readonly SnippetFile[] = []): readonly Snippet[] {
  return kinds.map(({ files, tokenHint = asksOwnSite, ...kind }) => ({
    ...kind,
    tokenHint,
    files: [...files(target, undefined), ...styles],
    identifiedFiles: [...files(target, tokenPath), ...styles],
  }));
}

function scriptFiles(target: SnippetTarget, tokenUrl: string | undefined): readonly SnippetFile[] {
  return [{ name: 'HTML', code: scriptTag(target.server, scriptAttributes(target, tokenUrl)) }];
}

function markupFiles(target: SnippetTarget, tokenUrl: string | undefined): readonly SnippetFile[] {
  const element = `<chat-widget${attributes(elementAttributes(target, tokenUrl))}></chat-widget>`;
  return [{ name: 'HTML', code: `${scriptTag(target.server, [])}\n${element}` }];
}
