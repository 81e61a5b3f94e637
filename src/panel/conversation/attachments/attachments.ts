import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Attachment, AttachmentLimits } from '../../../protocol/index.ts';
import type { ChatClient } from '../../../client/index.ts';
import { en, type Strings } from '../../../strings/index.ts';
import { iconButton } from '../../header-view.ts';
import { sheetOf } from '../../styles/css.ts';
import type { ConversationView as View } from '../conversation-view.ts';
import { drawImage, isImage } from '../files/draw-image.ts';
import { failureCodeOf } from '../failure-code.ts';
import { checkFile } from './check-file.ts';
import { attachIcon } from './icons.ts';
import { Intake } from './intake.ts';
import { attachments as styles } from './styles.ts';
import { dropView, trayView } from './tray-view.ts';
import type { SentFile, Upload, UploadState } from './upload.ts';

/** Twice the side of what it is drawn at. */
const previewPixels = 96;

export type AttachmentsHost = {
  readonly root: ShadowRoot;
  client(): ChatClient | undefined;
  changed(): void;
  say(text: string): void;
  /** Sends what waited for the files. */
  submit(): void;
  focusComposer(): void;
};

/** The words that the visitor is told something in, as drawn last. */
type Words = { readonly strings: Strings; readonly locale: string; readonly limits: AttachmentLimits | undefined };

/** Files on their way into the next message: picked, pasted or dropped, uploaded at once, sent with the text. */
export class Attachments {
  readonly #host: AttachmentsHost;
  readonly #intake: Intake;
  #uploads: readonly Upload[] = [];
  /** Why files were not taken. */
  #problems: readonly string[] = [];
  #words: Words = { strings: en, locale: 'en', limits: undefined };
  #waits = false;
  /** Small pictures of what was chosen, for as long as it is there. */
  readonly #previews = new Map<number, HTMLCanvasElement>();
  #lastKey = 0;

  constructor(host: AttachmentsHost) {
    this.#host = host;
    host.root.adoptedStyleSheets.push(sheetOf(styles));
    this.#intake = new Intake(host.root.host, {
      takes: () => this.#words.limits !== undefined,
      take: (files) => this.add(files),
      changed: () => host.changed(),
    });
  }

  /** `files`: there is something to send without a text. `held`: one failed, and the visitor is to say what of it. */
  get sends(): 'files' | 'held' | undefined {
    if (this.#uploads.some(({ state }) => state.at === 'failed')) return 'held';
    return this.#uploads.length > 0 ? 'files' : undefined;
  }

  /** Whether sending has to wait for files; it happens by itself when they have been uploaded. */
  waits(): boolean {
    const isWaiting = this.#uploads.some(({ state }) => state.at === 'uploading');
    if (isWaiting && !this.#waits) {
      this.#waits = true;
      this.#host.say(this.#words.strings.sendsWhenUploaded);
      this.#host.changed();
    }
    return isWaiting;
  }

  /** What goes along with the message that is being sent. */
  take(): readonly Attachment[] {
    const taken = this.#uploads.flatMap(({ state }) => (state.at === 'attached' ? [state.attachment] : []));
    this.#uploads = this.#uploads.filter(({ state }) => state.at !== 'attached');
    for (const key of this.#previews.keys()) if (!this.#has(key)) this.#previews.delete(key);
    this.#host.changed();
    return taken;
  }

  /** A message was not taken: its files stand where they stood. */
  putBack(files: readonly SentFile[]): void {
    const back = files.map(({ attachment, file }) => ({
      key: (this.#lastKey += 1),
      file,
      state: { at: 'attached', attachment } as const,
    }));
    this.#uploads = [...back, ...this.#uploads];
    for (const { key, file } of back) void this.#preview(key, file);
    this.#host.changed();
  }

  /** The files of what `take` would give. */
  get files(): readonly SentFile[] {
    return this.#uploads.flatMap(({ state, file }) =>
      state.at === 'attached' ? [{ attachment: state.attachment, file }] : [],
    );
  }

  button(view: View): TemplateResult | typeof nothing {
    const { strings, locale, snapshot } = view;
    const limits = snapshot.access === 'allowed' && snapshot.gate === 'none' ? limitsOf(view) : undefined;
    this.#words = { strings, locale, limits: view.showsConversations ? undefined : limits };
    if (limits === undefined) return nothing;
    return html`${iconButton(strings.attach, attachIcon, () => this.#pick())}
      <input class="pick" type="file" hidden multiple accept=${limits.types.join(',')} @change=${this.#picked} />`;
  }

  tray(view: View): TemplateResult {
    const isShown = limitsOf(view) !== undefined && !view.showsConversations;
    const tray = trayView(view, {
      uploads: this.#uploads,
      previews: this.#previews,
      problems: this.#problems,
      waits: this.#waits,
      retry: (key) => this.#retry(key),
      remove: (key) => this.#remove(key),
      dismiss: () => this.dismiss(),
    });
    return html`${isShown ? tray : nothing}${this.#intake.isOver ? dropView(view.strings) : nothing}`;
  }

  add(files: readonly File[]): void {
    const { limits, strings, locale } = this.#words;
    if (limits === undefined || files.length === 0) return;
    const problems: string[] = [];
    const fitting = files.filter((file) => {
      const problem = checkFile(file, limits, strings, locale);
      if (problem !== undefined) problems.push(problem);
      return problem === undefined;
    });
    const room = Math.max(0, limits.maxPerMessage - this.#uploads.length);
    if (fitting.length > room) problems.push(strings.tooManyFiles(limits.maxPerMessage));
    this.#tell(problems);
    for (const file of fitting.slice(0, room)) {
      this.#upload((this.#lastKey += 1), file);
      void this.#preview(this.#lastKey, file);
    }
    if (problems.length > 0) this.#host.say(problems.join(' '));
    this.#host.focusComposer();
  }

  /** What was said of files that were not taken has been read. */
  dismiss(): void {
    if (this.#problems.length > 0) this.#tell([]);
  }

  /** Another visitor, or none: nothing of this one's files stays. */
  clear(): void {
    for (const { state } of this.#uploads) if (state.at === 'uploading') state.stop.abort();
    this.#uploads = [];
    this.#previews.clear();
    this.#problems = [];
    this.#waits = false;
  }

  /** Of a panel that is off the page. */
  rest(): void {
    this.#intake.end();
  }

  #pick(): void {
    this.#host.root.querySelector<HTMLInputElement>('input.pick')?.click();
  }

  readonly #picked = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement)) return;
    const files = [...(target.files ?? [])];
    // The same file may be picked again.
    target.value = '';
    this.add(files);
  };

  #upload(key: number, file: File): void {
    const client = this.#host.client();
    if (client === undefined) return;
    const stop = new AbortController();
    const { strings } = this.#words;
    this.#set(key, file, { at: 'uploading', share: 0, stop });
    this.#host.say(strings.uploading(file.name, 0));
    const onProgress = (share: number): void => {
      if (this.#isUploading(key, stop)) this.#set(key, file, { at: 'uploading', share, stop });
    };
    client.attach(file, file.name, onProgress, stop.signal).then(
      (attachment) => {
        if (this.#isUploading(key, stop)) this.#settle(key, file, { at: 'attached', attachment });
        // It was taken out as it arrived.
        else if (stop.signal.aborted) void client.detach(attachment.id).catch(() => undefined);
      },
      (error: unknown) => {
        if (!this.#isUploading(key, stop)) return;
        this.#settle(key, file, { at: 'failed', code: failureCodeOf(error, strings) ?? 'internal' });
      },
    );
  }

  /** What came of one; when all are there, what waited for them leaves. */
  #settle(key: number, file: File, state: UploadState): void {
    const { strings } = this.#words;
    this.#host.say((state.at === 'failed' ? strings.uploadFailed : strings.uploaded)(file.name));
    this.#set(key, file, state);
    if (state.at === 'failed') this.#waits = false;
    this.#sendIfWaiting();
  }

  #sendIfWaiting(): void {
    if (!this.#waits || this.#uploads.some(({ state }) => state.at !== 'attached')) return;
    this.#waits = false;
    this.#host.submit();
  }

  #isUploading(key: number, stop: AbortController): boolean {
    const state = this.#uploads.find((upload) => upload.key === key)?.state;
    return state?.at === 'uploading' && state.stop === stop && !stop.signal.aborted;
  }

  #retry(key: number): void {
    const upload = this.#uploads.find((one) => one.key === key);
    if (upload !== undefined) this.#upload(key, upload.file);
    this.#host.focusComposer();
  }

  #remove(key: number): void {
    const upload = this.#uploads.find((one) => one.key === key);
    if (upload === undefined) return;
    const { state } = upload;
    this.#uploads = this.#uploads.filter((one) => one !== upload);
    this.#previews.delete(key);
    if (state.at === 'uploading') state.stop.abort();
    // The server deletes it by itself where it cannot be told.
    if (state.at === 'attached')
      void this.#host
        .client()
        ?.detach(state.attachment.id)
        .catch(() => undefined);
    if (this.#uploads.length === 0) this.#waits = false;
    this.#host.changed();
    this.#sendIfWaiting();
    this.#host.focusComposer();
  }

  /** Of a picture; what is none, whatever its name says, has an icon. */
  async #preview(key: number, file: File): Promise<void> {
    if (!isImage(file.type)) return;
    const picture = await drawImage(file, file.name, previewPixels).catch(() => undefined);
    if (picture === undefined || !this.#has(key)) return;
    // Its name stands beside it.
    picture.ariaHidden = 'true';
    this.#previews.set(key, picture);
    this.#host.changed();
  }

  #has(key: number): boolean {
    return this.#uploads.some((upload) => upload.key === key);
  }

  #set(key: number, file: File, state: UploadState): void {
    const next = { key, file, state };
    this.#uploads = this.#has(key)
      ? this.#uploads.map((upload) => (upload.key === key ? next : upload))
      : [...this.#uploads, next];
    this.#host.changed();
  }

  #tell(problems: readonly string[]): void {
    this.#problems = problems;
    this.#host.changed();
  }
}

function limitsOf({ snapshot: { agent } }: View): AttachmentLimits | undefined {
  return agent?.features['attachments'] === true ? agent.limits.attachments : undefined;
}
