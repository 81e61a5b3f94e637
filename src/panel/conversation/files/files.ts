import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ref } from 'lit/directives/ref.js';
import type { ChatClient, FailureCode } from '../../../client/index.ts';
import { en } from '../../../strings/index.ts';
import { sheetOf } from '../../styles/css.ts';
import type { ConversationView as View, PartOf } from '../conversation-view.ts';
import { failureCodeOf } from '../failure-code.ts';
import { alertIcon } from '../icons.ts';
import { drawImage, isImage } from './draw-image.ts';
import { fileIcon, imageIcon } from './icons.ts';
import { saveFile } from './save-file.ts';
import { files as styles } from './styles.ts';

export type FilesHost = {
  readonly root: ShadowRoot;
  client(): ChatClient | undefined;
  changed(): void;
  /** What was sent from this page and need not be fetched, by its address. */
  sent(url: string): Blob | undefined;
};

type File = PartOf<'file'>;

type State =
  | { readonly state: 'idle' | 'reading' }
  | { readonly state: 'shown'; readonly image: HTMLCanvasElement }
  | { readonly state: 'failed'; readonly code: FailureCode | 'image' };

const idle = { state: 'idle' } as const;

/** Of the longer side of what the visitor sent: twice what it is drawn at. */
const previewPixels = 480;

/**
 * Files that stand in messages. Nothing of them is fetched before the visitor asks for it, but for pictures of the visitor's own,
 * which are shown small once they are scrolled to.
 */
export class Files {
  readonly #host: FilesHost;
  #states = new Map<string, State>();
  /** What is to be shown once it is seen, by address, until it was tried. */
  #watchers = new Map<string, (element?: Element) => void>();
  readonly #awaited = new WeakMap<Element, () => void>();
  readonly #observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) this.#seen(target);
  });

  constructor(host: FilesHost) {
    this.#host = host;
    host.root.adoptedStyleSheets.push(sheetOf(styles));
  }

  /** @param isOwn whether the visitor has sent it */
  view(view: View, file: File, isOwn: boolean): TemplateResult {
    const { strings } = view;
    const name = file.filename ?? strings.attachments;
    const state = this.#states.get(file.url) ?? idle;
    const isPicture = isImage(file.mediaType);
    const canBeShown = isPicture && (state.state === 'idle' || state.state === 'reading');
    return html`<div
      class="file"
      part="file"
      aria-busy=${state.state === 'reading' ? 'true' : nothing}
      ${ref(isOwn && isPicture ? this.#watcher(file, name) : undefined)}
    >
      ${state.state === 'shown' ? state.image : nothing}
      <div class="file-row">
        ${isPicture ? imageIcon : fileIcon}<bdi class="file-name" dir="auto" title=${name}>${name}</bdi>
        ${
          canBeShown
            ? fileButton(strings.showImage, name, () => void this.#show(file, name))
            : fileButton(strings.download, name, () => void this.#download(file, name))
        }
      </div>
      ${state.state === 'failed' ? failureView(view, state.code) : nothing}
    </div>`;
  }

  /** Forgets all, also what is still on its way. */
  clear(): void {
    for (const state of this.#states.values()) if (state.state === 'shown') state.image.remove();
    this.#states = new Map();
    this.#watchers = new Map();
    this.#observer.disconnect();
  }

  /** The same function for the same file, so that a drawing that changes nothing begins nothing. */
  #watcher(file: File, name: string): (element?: Element) => void {
    const known = this.#watchers.get(file.url);
    if (known !== undefined) return known;
    let watched: Element | undefined;
    const watcher = (element?: Element): void => {
      if (watched !== undefined) this.#observer.unobserve(watched);
      watched = this.#states.has(file.url) ? undefined : element;
      if (watched === undefined) return;
      this.#awaited.set(watched, () => void this.#preview(file, name));
      this.#observer.observe(watched);
    };
    this.#watchers.set(file.url, watcher);
    return watcher;
  }

  #seen(element: Element): void {
    this.#observer.unobserve(element);
    this.#awaited.get(element)?.();
    this.#awaited.delete(element);
  }

  /** The visitor has not asked for it: what does not come is said by nothing, and can be asked for. */
  async #preview(file: File, name: string): Promise<void> {
    const states = this.#states;
    if (states.has(file.url)) return;
    try {
      const blob = this.#host.sent(file.url) ?? (await this.#host.client()?.readAttachment(file.url));
      const image = blob === undefined ? undefined : await drawImage(blob, name, previewPixels);
      if (image !== undefined && states === this.#states && !states.has(file.url))
        this.#set(file, { state: 'shown', image });
    } catch {
      // The card stays as it is.
    }
  }

  async #show(file: File, name: string): Promise<void> {
    const blob = await this.#read(file);
    if (blob === undefined) return;
    const states = this.#states;
    const state = await drawImage(blob, name).then(
      (image) => ({ state: 'shown', image }) as const,
      () => ({ state: 'failed', code: 'image' }) as const,
    );
    if (states === this.#states) this.#set(file, state);
  }

  async #download(file: File, name: string): Promise<void> {
    const before = this.#states.get(file.url);
    const blob = await this.#read(file);
    if (blob === undefined) return;
    this.#set(file, before?.state === 'shown' ? before : idle);
    saveFile(blob, name, this.#host.root);
  }

  /** Undefined where it failed, or where another visitor is there by now. */
  async #read(file: File): Promise<Blob | undefined> {
    const client = this.#host.client();
    const states = this.#states;
    if (client === undefined || states.get(file.url)?.state === 'reading') return undefined;
    if (states.get(file.url)?.state !== 'shown') this.#set(file, { state: 'reading' });
    try {
      const blob = await client.readAttachment(file.url);
      return states === this.#states ? blob : undefined;
    } catch (error) {
      const code = failureCodeOf(error, en);
      if (states === this.#states) this.#set(file, code === undefined ? idle : { state: 'failed', code });
      return undefined;
    }
  }

  #set(file: File, state: State): void {
    this.#states.set(file.url, state);
    this.#host.changed();
  }
}

export function createFiles(host: FilesHost): Files {
  return new Files(host);
}

/** Several files have the same button: its name says whose it is. */
function fileButton(label: string, name: string, act: () => void): TemplateResult {
  return html`<button class="small" part="button" type="button" aria-label=${`${label}: ${name}`} @click=${act}>
    ${label}
  </button>`;
}

function failureView({ strings }: View, code: FailureCode | 'image'): TemplateResult {
  const text = code === 'image' ? strings.imageFailed : strings.failures[code];
  return html`<p class="state failed" part="failure">${alertIcon}<span>${text}</span></p>`;
}
