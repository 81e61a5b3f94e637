import { html, nothing, type TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FailureCode } from '../../../client/index.ts';
import type { Strings } from '../../../strings/index.ts';
import { iconButton } from '../../header-view.ts';
import { closeIcon } from '../../icons.ts';
import { smallButton } from '../buttons.ts';
import type { ConversationView as View } from '../conversation-view.ts';
import { alertIcon } from '../icons.ts';
import { formatBytes } from './format-bytes.ts';
import { attachIcon, fileIcon } from './icons.ts';
import { finalCodes, type Upload } from './upload.ts';

export type Tray = {
  readonly uploads: readonly Upload[];
  /** Of pictures, by key, once they are drawn. */
  readonly previews: ReadonlyMap<number, HTMLCanvasElement>;
  readonly problems: readonly string[];
  /** Whether the message leaves when the files are there. */
  readonly waits: boolean;
  readonly retry: (key: number) => void;
  readonly remove: (key: number) => void;
  readonly dismiss: () => void;
};

/** What was chosen, above the field to write in. */
export function trayView(view: View, tray: Tray): TemplateResult | typeof nothing {
  const { uploads, problems, waits, dismiss } = tray;
  const { strings } = view;
  if (uploads.length === 0 && problems.length === 0) return nothing;
  return html`<div class="tray" part="tray">
    ${
      problems.length === 0
        ? nothing
        : html`<div class="tray-problem" part="failure">
            ${alertIcon}
            <div>${problems.map((problem) => html`<p dir="auto">${problem}</p>`)}</div>
            ${iconButton(strings.dismiss, closeIcon, dismiss)}
          </div>`
    }
    ${
      uploads.length === 0
        ? nothing
        : html`<ul aria-label=${strings.attachments}>
            ${repeat(
              uploads,
              ({ key }) => key,
              (upload) => uploadView(view, tray, upload),
            )}
          </ul>`
    }
    ${waits ? html`<p class="tray-waits">${strings.sendsWhenUploaded}</p>` : nothing}
  </div>`;
}

/** While files hang over the panel. */
export function dropView({ dropFiles }: Pick<Strings, 'dropFiles'>): TemplateResult {
  return html`<div class="drop" part="drop">
    <p>${attachIcon}<span>${dropFiles}</span></p>
  </div>`;
}

function uploadView(view: View, { previews, retry, remove }: Tray, upload: Upload): TemplateResult {
  const { strings, locale, snapshot } = view;
  const { key, state, file } = upload;
  const { name, size } = file;
  const isFinal = state.at === 'failed' && finalCodes.includes(state.code);
  return html`<li class="upload ${state.at}" part="attachment">
    <span class="upload-icon">${state.at === 'failed' ? alertIcon : (previews.get(key) ?? fileIcon)}</span>
    <div class="upload-what">
      <bdi dir="auto" title=${name}>${name}</bdi>
      ${
        state.at === 'uploading'
          ? state.share === 0 && snapshot.connection === 'offline'
            ? html`<p>${strings.waiting}</p>`
            : html`<progress aria-label=${name} max="1" .value=${state.share}></progress>`
          : state.at === 'failed'
            ? html`<p class="upload-why">${reasonOf(view, upload, state.code)}</p>`
            : html`<p>${formatBytes(size, locale)}</p>`
      }
    </div>
    ${state.at === 'failed' && !isFinal ? smallButton(strings.retry, () => retry(key)) : nothing}
    ${iconButton(strings.removeFile(name), closeIcon, () => remove(key))}
  </li>`;
}

/** The server's judgement of a file. */
function reasonOf({ strings, locale, snapshot }: View, { file }: Upload, code: FailureCode): string {
  const maxBytes = snapshot.agent?.limits.attachments?.maxBytes;
  // The code speaks of messages.
  return code === 'too_large' && maxBytes !== undefined
    ? strings.fileTooLarge(file.name, formatBytes(maxBytes, locale))
    : strings.failures[code];
}
