import { Lexer, Tokenizer, type MarkedToken, type Token, type Tokens } from 'marked';

/** What `[label]: address` made of labels; it makes links of them anywhere in the text. */
export type Definitions = Readonly<Record<string, Pick<Tokens.Link, 'href' | 'title'>>>;
export type Lexed = { readonly tokens: readonly Token[]; readonly definitions: Definitions };

/** Quotes and lists inside one another; what is deeper is shown as the text it is. */
const maxDepth = 12;
/** A row that is shorter than its table's head is filled up: a few thousand characters could become a million cells. */
const maxColumns = 200;
const maxCells = 10_000;
/** In a list the lexer looks for the line below a heading from each line on, to the end of the item. */
const maxHeadingCharacters = 1_000;
/** The lexer tries each mark of emphasis with each one after it. A paragraph with more is shown as the text it is. */
const maxInlineCharacters = 10_000;
const maxInlineMarks = 500;

/**
 * The lexer's rules without raw HTML blocks (they would swallow text to the end of the message), with limits on nesting
 * and on the size of tables, and without what an inline tag does to the text after it: to us a tag is text.
 */
class BoundedTokenizer extends Tokenizer {
  #depth = 0;

  override html(): undefined {
    return undefined;
  }

  override tag(src: string): Tokens.Tag | undefined {
    const { inLink, inRawBlock } = this.lexer.state;
    const token = super.tag(src);
    Object.assign(this.lexer.state, { inLink, inRawBlock });
    return token;
  }

  override blockquote(src: string): Tokens.Blockquote | undefined {
    return this.#nested(() => super.blockquote(src));
  }

  override list(src: string): Tokens.List | undefined {
    return this.#nested(() => super.list(src));
  }

  override lheading(src: string): Tokens.Heading | undefined {
    const isLong = src.length > maxHeadingCharacters;
    return super.lheading(isLong ? src.slice(0, Math.max(0, src.lastIndexOf('\n', maxHeadingCharacters))) : src);
  }

  override table(src: string): Tokens.Table | undefined {
    const [whole = '', , delimiters = '', rows = ''] = this.rules.block.table.exec(src) ?? [];
    const columns = delimiters.split('|').length;
    const cells = columns * (rows.split('\n').length + 1);
    // Cells that somebody wrote take a character each at least, so that many small tables are no way around the limit.
    const isBounded = columns <= maxColumns && cells <= Math.min(maxCells, whole.length + columns);
    return isBounded ? super.table(src) : undefined;
  }

  #nested<T>(read: () => T | undefined): T | undefined {
    if (this.#depth >= maxDepth) return undefined;
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }
}

/**
 * Top-level tokens of a text (GFM). Never throws: what the lexer cannot take (thousands of nested emphases) comes
 * back as one paragraph of plain text. In a text that is still `growing`, a reference whose definition has not come yet
 * (`[our returns][returns]`) is taken for a link without an address, and `known` are the definitions of the text before it.
 */
export function lex(source: string, growing?: { readonly known: Definitions }): Lexed {
  try {
    const lexer = new Lexer({ gfm: true, tokenizer: new BoundedTokenizer() });
    const { links } = lexer.tokens;
    Object.assign(links, growing?.known);
    lexer.blockTokens(source, lexer.tokens);
    const definitions = { ...links };
    if (growing !== undefined) for (const label of referencesIn(source)) links[label] ??= { href: '', title: '' };
    for (const { src, tokens } of lexer.inlineQueue) {
      if (isTooMuch(src)) tokens.push(plainText(src));
      else lexer.inlineTokens(src, tokens);
    }
    return { tokens: lexer.tokens, definitions };
  } catch {
    return { tokens: [plainParagraph(source)], definitions: growing?.known ?? {} };
  }
}

/** The definitions in these tokens, also those in quotes and lists. The first of a label counts. */
export function definitionsIn(tokens: readonly Token[]): Definitions {
  const found: Record<string, Definitions[string]> = {};
  const look = (token: Token): void => {
    const known = token as MarkedToken;
    if (known.type === 'def') found[known.tag] ??= { href: known.href, title: known.title };
    if (known.type === 'blockquote') known.tokens.forEach(look);
    if (known.type === 'list') for (const { tokens: inner } of known.items) inner.forEach(look);
  };
  tokens.forEach(look);
  return found;
}

/** Labels of full and collapsed references. Numbers in brackets, notes (`[^1]`) and what follows a word are not meant as such. */
function referencesIn(source: string): string[] {
  const references = /(?<![\p{L}\p{N}_\])])\[([^[\]\n]{1,200})\]\[([^[\]\n]{0,200})\]/gu;
  return [...source.matchAll(references)]
    .map(([, text = '', label]) => (label || text).replaceAll(/\s+/g, ' ').toLowerCase())
    .filter((label) => /^[^^]*\p{L}/u.test(label));
}

function isTooMuch(source: string): boolean {
  return source.length > maxInlineCharacters || (source.match(/[*_~!]/g)?.length ?? 0) > maxInlineMarks;
}

function plainParagraph(source: string): Tokens.Paragraph {
  return { type: 'paragraph', raw: source, text: source, tokens: [plainText(source)] };
}

function plainText(source: string): Tokens.Text {
  return { type: 'text', raw: source, text: source, escaped: false };
}
