/** A body that goes on. Whoever reads it takes what is there and asks to be called when there is more. */
export class ServerStream {
  #text = '';
  #isEnded = false;
  onMore: () => void = () => {};
  onClose: () => void = () => {};

  push(text: string): void {
    this.#text += text;
    this.onMore();
  }

  end(): void {
    this.#isEnded = true;
    this.onMore();
  }

  get isReady(): boolean {
    return this.#text !== '' || this.#isEnded;
  }

  /** All that is there; undefined after the end. */
  take(): string | undefined {
    const text = this.#text;
    this.#text = '';
    return text === '' && this.#isEnded ? undefined : text;
  }
}
