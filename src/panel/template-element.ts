import { noChange, render, type TemplateResult } from 'lit/html.js';

/**
 * An element that is drawn from a lit template into its shadow root, once for all changes of a task. What lit's own base
 * class offers beside that is not needed here, and every visitor would pay for it (docs/decisions/0001).
 */
export abstract class TemplateElement extends HTMLElement {
  readonly renderRoot: ShadowRoot = this.attachShadow({ mode: 'open' });
  #update: Promise<void> | undefined;
  #isDrawn = false;
  #isDrawing = false;

  /** Settles when what is due has been drawn. */
  get updateComplete(): Promise<void> {
    return this.#update ?? Promise.resolve();
  }

  /** Has the element drawn before the browser paints. */
  requestUpdate(): void {
    this.#update ??= Promise.resolve().then(() => this.performUpdate());
  }

  /** Draws now, in this very task, unless it is being drawn, or was never due yet. */
  protected performUpdate(): void {
    this.#update = undefined;
    if (this.#isDrawing || !this.isConnected) return;
    this.#isDrawing = true;
    try {
      const result = this.render();
      if (result !== noChange) render(result, this.renderRoot, { host: this });
    } finally {
      this.#isDrawing = false;
    }
    const isFirst = !this.#isDrawn;
    this.#isDrawn = true;
    this.updated(isFirst);
  }

  protected abstract render(): TemplateResult | typeof noChange;
  /** Called after each drawing. */
  protected abstract updated(isFirst: boolean): void;
}

/** Makes fields of a class such that setting one to something else has its element drawn. */
export function watch<Element extends TemplateElement>(prototype: Element, names: readonly (keyof Element)[]): void {
  for (const name of names) {
    const values = new WeakMap<TemplateElement, unknown>();
    Object.defineProperty(prototype, name, {
      get(this: TemplateElement) {
        return values.get(this);
      },
      set(this: TemplateElement, value: unknown) {
        if (values.get(this) === value) return;
        values.set(this, value);
        this.requestUpdate();
      },
    });
  }
}
