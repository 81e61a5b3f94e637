import { Lexer, Tokenizer, type Token, type Tokens } from 'marked';

/** `hasDefinitions`: some `[label]: address` stands in the text, which makes links of labels anywhere in it. */
export type Lexed = { readonly tokens: readonly Token[]; readonly hasDefinitions: boolean };

/** Quotes and lists inside one another; what is deeper is shown as the text it is. */
const maxDepth = 12;

/**
 * The lexer's rules without raw HTML blocks (they would swallow text to the end of the message), with a limit on
 * nesting, and without what an inline tag does to the text after it: to us a tag is text.
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
 * back as one paragraph of plain text.
 */
export function lex(source: string): Lexed {
  try {
    const tokens = new Lexer({ gfm: true, tokenizer: new BoundedTokenizer() }).lex(source);
    return { tokens, hasDefinitions: Object.keys(tokens.links).length > 0 };
  } catch {
    return { tokens: [plainParagraph(source)], hasDefinitions: false };
  }
}

function plainParagraph(source: string): Tokens.Paragraph {
  const text: Tokens.Text = { type: 'text', raw: source, text: source, escaped: false };
  return { type: 'paragraph', raw: source, text: source, tokens: [text] };
}
