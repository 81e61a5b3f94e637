export type IntakeHost = {
  /** Whether files can be taken now. */
  takes(): boolean;
  take(files: readonly File[]): void;
  changed(): void;
};

/** Files that are pasted into the panel, or dragged over it. */
export class Intake {
  readonly #target: Element;
  readonly #host: IntakeHost;
  readonly #end = new AbortController();
  #isOver = false;

  /** @param target the panel's element: all of it takes files */
  constructor(target: Element, host: IntakeHost) {
    this.#target = target;
    this.#host = host;
    const { signal } = this.#end;
    const listen = (type: string, listener: (event: Event) => void): void =>
      target.addEventListener(type, listener, { signal });
    listen('paste', (event) => event instanceof ClipboardEvent && this.#paste(event));
    for (const type of ['dragenter', 'dragover'])
      listen(type, (event) => event instanceof DragEvent && this.#over(event));
    listen('dragleave', (event) => event instanceof DragEvent && this.#leave(event));
    listen('drop', (event) => event instanceof DragEvent && this.#drop(event));
  }

  /** Whether files hang over the panel. */
  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#end.abort();
  }

  /** Office programs put a picture of a text beside it: then the text is meant. */
  #paste(event: ClipboardEvent): void {
    const { clipboardData: data } = event;
    if (data === null || data.files.length === 0 || data.types.includes('text/plain') || !this.#host.takes()) return;
    event.preventDefault();
    this.#host.take([...data.files]);
  }

  #over(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files') !== true || !this.#host.takes()) return;
    // Without it the browser opens the file in the place of the page.
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.#show(true);
  }

  /** Between two elements of the panel is no way out. */
  #leave({ clientX, clientY }: DragEvent): void {
    const { left, top, right, bottom } = this.#target.getBoundingClientRect();
    const isInside = clientX > left && clientX < right && clientY > top && clientY < bottom;
    if (!isInside) this.#show(false);
  }

  #drop(event: DragEvent): void {
    if (!this.#isOver) return;
    event.preventDefault();
    this.#show(false);
    this.#host.take([...(event.dataTransfer?.files ?? [])]);
  }

  #show(isOver: boolean): void {
    if (isOver === this.#isOver) return;
    this.#isOver = isOver;
    this.#host.changed();
  }
}
