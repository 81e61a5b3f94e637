import type { ReactiveController } from 'lit';
import { confirmDialog } from '../elements/index.ts';
import { guardLeaving } from '../navigation.ts';

/** Asks before a page is left with something in its form that is not saved: by a link, Back, a reload or a closed tab. */
export class Unsaved implements ReactiveController {
  readonly #isUnsaved: () => boolean;
  #stop: (() => void) | undefined;

  constructor(isUnsaved: () => boolean) {
    this.#isUnsaved = isUnsaved;
  }

  hostConnected(): void {
    window.addEventListener('beforeunload', this.#beforeUnload);
    this.#stop = guardLeaving({ isHeld: this.#isUnsaved, ask: askToLeave });
  }

  hostDisconnected(): void {
    window.removeEventListener('beforeunload', this.#beforeUnload);
    this.#stop?.();
  }

  readonly #beforeUnload = (event: BeforeUnloadEvent): void => {
    if (this.#isUnsaved()) event.preventDefault();
  };
}

const askToLeave = (): Promise<boolean> =>
  confirmDialog({
    heading: 'Leave without saving?',
    text: 'What you have changed here is not saved, and is forgotten.',
    confirm: 'Leave',
    danger: true,
    action: () => Promise.resolve(),
  });

/** Whether something in the form is not as the page was given it. */
export function isChanged(form: HTMLFormElement): boolean {
  return Array.from(form.elements).some((control) => {
    if (control.getAttribute('name') === null) return false;
    if (control instanceof HTMLSelectElement) return control.selectedIndex !== defaultIndex(control);
    if (control instanceof HTMLTextAreaElement) return control.value !== control.defaultValue;
    if (!(control instanceof HTMLInputElement)) return false;
    const isTick = control.type === 'checkbox' || control.type === 'radio';
    return isTick ? control.checked !== control.defaultChecked : control.value !== control.defaultValue;
  });
}

const defaultIndex = ({ options }: HTMLSelectElement): number =>
  Math.max(
    0,
    Array.from(options).findIndex(({ defaultSelected }) => defaultSelected),
  );
