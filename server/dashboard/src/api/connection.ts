/** Whether the server was reached the last time that it was asked. One for the page; tells of each `change`. */
class Connection extends EventTarget {
  #isLost = false;

  get isLost(): boolean {
    return this.#isLost;
  }

  lost(): void {
    this.#set(true);
  }

  reached(): void {
    this.#set(false);
  }

  #set(isLost: boolean): void {
    if (this.#isLost === isLost) return;
    this.#isLost = isLost;
    this.dispatchEvent(new Event('change'));
  }
}

export const connection = new Connection();
