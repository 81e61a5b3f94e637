import type { ChatSnapshot, TextDelta } from '../../client/index.ts';
import type { createMarkdownRenderer, MarkdownLabels, MarkdownRenderer } from '../../markdown/index.ts';

type CreateRenderer = typeof createMarkdownRenderer;

/**
 * The nodes in which answers are written, one a text part. They live beside lit: a delta goes straight into its node,
 * and a re-render of the list finds the same node again.
 */
export class TextViews {
  readonly #views = new Map<string, TextView>();
  /** Deltas since the last snapshot of parts that are not drawn yet. */
  readonly #early = new Map<string, string>();
  readonly #grown: (messageId: string) => void;
  #createRenderer: CreateRenderer | undefined;
  #labels: MarkdownLabels | undefined;

  /** @param grown called when more of a message that is being written has been drawn */
  constructor(grown: (messageId: string) => void) {
    this.#grown = grown;
  }

  /** From now on texts are markdown, with these labels; before, they are shown as they are. */
  upgrade(createRenderer: CreateRenderer, labels: MarkdownLabels): void {
    this.#createRenderer = createRenderer;
    this.#labels = labels;
    for (const view of this.#views.values()) view.upgrade(createRenderer, labels);
  }

  /** Takes a snapshot's texts, which are complete, and forgets what it no longer holds. */
  sync(snapshot: ChatSnapshot): void {
    this.#early.clear();
    const gone = new Set(this.#views.keys());
    for (const message of snapshot.messages) {
      message.parts.forEach((part, index) => {
        const key = keyOf(message.id, index);
        if (part.type !== 'text' || !gone.delete(key)) return;
        this.#views.get(key)?.set(part.text, message.status === 'streaming');
      });
    }
    for (const key of gone) this.#drop(key);
  }

  append({ messageId, partIndex, delta }: TextDelta): void {
    const key = keyOf(messageId, partIndex);
    const view = this.#views.get(key);
    if (view !== undefined) view.append(delta);
    else this.#early.set(key, (this.#early.get(key) ?? '') + delta);
  }

  node(messageId: string, partIndex: number, text: string, isOpen: boolean): HTMLElement {
    const key = keyOf(messageId, partIndex);
    const present = this.#views.get(key);
    if (present !== undefined) return present.node;
    const view = new TextView(() => this.#grown(messageId));
    this.#views.set(key, view);
    view.set(text + (this.#early.get(key) ?? ''), isOpen);
    if (this.#createRenderer !== undefined && this.#labels !== undefined) {
      view.upgrade(this.#createRenderer, this.#labels);
    }
    return view.node;
  }

  /** What is drawn of a message, in the order of its parts. */
  textOf(messageId: string): string {
    const parts = [...this.#views].filter(([key]) => key.endsWith(`:${messageId}`));
    return parts.map(([, view]) => view.spoken).join(' ');
  }

  /** Empties all nodes at once, wherever they still stand. */
  clear(): void {
    this.#early.clear();
    for (const key of [...this.#views.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    this.#views.get(key)?.dispose();
    this.#views.delete(key);
  }
}

class TextView {
  readonly node = document.createElement('div');
  #text = '';
  #isOpen = true;
  readonly #grown: () => void;
  #renderer: MarkdownRenderer | undefined;

  constructor(grown: () => void) {
    this.#grown = grown;
    this.node.className = 'text';
    this.node.dir = 'auto';
    this.node.setAttribute('part', 'text');
  }

  set(text: string, isOpen: boolean): void {
    if (text === this.#text && isOpen === this.#isOpen) return;
    this.#text = text;
    this.#isOpen = isOpen;
    this.#draw();
  }

  append(delta: string): void {
    this.#text += delta;
    if (this.#renderer !== undefined) return this.#renderer.append(delta);
    this.#draw();
    this.#grown();
  }

  upgrade(createRenderer: CreateRenderer, labels: MarkdownLabels): void {
    if (this.#renderer === undefined) {
      this.node.textContent = '';
      this.node.classList.add('markdown');
      this.#renderer = createRenderer(this.node, { labels, drawn: this.#grown });
    } else this.#renderer.relabel(labels);
    this.#draw();
  }

  /** What is drawn, without what stands beside it. */
  get spoken(): string {
    return this.#renderer?.spoken() ?? this.node.textContent;
  }

  dispose(): void {
    this.#renderer?.dispose();
    this.#text = '';
    this.node.textContent = '';
  }

  #draw(): void {
    if (this.#renderer === undefined) {
      this.node.textContent = this.#text;
      return;
    }
    this.#renderer.set(this.#text);
    if (!this.#isOpen) this.#renderer.finish();
  }
}

function keyOf(messageId: string, partIndex: number): string {
  return `${partIndex}:${messageId}`;
}
