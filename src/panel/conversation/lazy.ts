type State<Value> = { readonly at: 'unasked' | 'coming' | 'failed' } | { readonly at: 'here'; readonly value: Value };

/** A file of the panel's that is fetched when it is needed. One that did not arrive is asked for again on demand. */
export class Lazy<Value> {
  readonly #load: () => Promise<Value>;
  readonly #changed: () => void;
  #state: State<Value> = { at: 'unasked' };

  /** @param changed called when it has come, or has not */
  constructor(fetch: () => Promise<Value>, changed: () => void) {
    this.#load = fetch;
    this.#changed = changed;
  }

  /** Undefined until it has come. Does not ask for it. */
  get value(): Value | undefined {
    return this.#state.at === 'here' ? this.#state.value : undefined;
  }

  get hasFailed(): boolean {
    return this.#state.at === 'failed';
  }

  /** Asks for it, unless that was done before. */
  want(): Value | undefined {
    if (this.#state.at === 'unasked') this.retry();
    return this.value;
  }

  readonly retry = (): void => {
    this.#state = { at: 'coming' };
    this.#load().then(
      (value) => this.#settle({ at: 'here', value }),
      () => this.#settle({ at: 'failed' }),
    );
  };

  #settle(state: State<Value>): void {
    this.#state = state;
    this.#changed();
  }
}
