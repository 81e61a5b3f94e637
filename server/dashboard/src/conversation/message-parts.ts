import { html, nothing, type TemplateResult } from 'lit';
import type { ChatMessage, MessagePart } from '../../../../src/protocol/index.ts';
import { icon } from '../elements/index.ts';
import { actionView } from './action-view.ts';
import './markdown-text.ts';

type PartOf<Type extends string> = Extract<MessagePart, { readonly type: Type }>;

/** Where this dashboard serves files. What a message names elsewhere is no file of ours, and is not linked. */
const files = /^\/dashboard\/api\/conversations\/[^/]+\/attachments\/[^/?#]+$/;
const pictures = /^image\/(?:png|jpeg|gif|webp|avif)$/;

/** A part of a message; nothing for what visitors do not see either. */
export function partView(
  message: ChatMessage,
  part: MessagePart,
  site: string | null,
): TemplateResult | typeof nothing {
  switch (part.type) {
    case 'text':
      return textView(message, part, site);
    case 'file':
      return fileView(part);
    case 'dynamic-tool':
      return actionView(part, message.metadata?.status);
    case 'data-sign-in-required':
      return line(html`The visitor was asked to sign in.`);
    case 'data-handoff':
      return handoffView(part.data);
    default:
      return nothing;
  }
}

/** What a visitor wrote is shown as written. */
function textView(
  { role, metadata }: ChatMessage,
  { text }: PartOf<'text'>,
  site: string | null,
): TemplateResult | typeof nothing {
  if (text.trim() === '') return nothing;
  if (role === 'user') return html`<p class="written" dir="auto">${text}</p>`;
  const isOpen = metadata?.status === 'streaming';
  return html`<cw-markdown-text
    class="markdown"
    dir="auto"
    .site=${site}
    .text=${text}
    .isOpen=${isOpen}
  ></cw-markdown-text>`;
}

const line = (content: unknown): TemplateResult => html`<p class="aside">${content}</p>`;

function handoffView(data: unknown): TemplateResult | typeof nothing {
  const { state, name } = (data ?? {}) as { readonly state?: unknown; readonly name?: unknown };
  switch (state) {
    case 'requested':
      return line(html`A person was asked for.`);
    case 'active':
      return line(html`<bdi>${typeof name === 'string' && name.trim() !== '' ? name : 'A person'}</bdi> took over.`);
    case 'ended':
      return line(html`The agent answers again.`);
    default:
      return nothing;
  }
}

function fileView({ url, filename, mediaType }: PartOf<'file'>): TemplateResult {
  const name = filename?.trim() || 'File without a name';
  if (!files.test(url)) return html`<span class="file">${icon('note')}<bdi>${name}</bdi></span>`;
  const picture = pictures.test(mediaType) ? html`<img src=${url} alt="" loading="lazy" />` : icon('download');
  return html`<a class="file" href=${url} download>${picture}<bdi>${name}</bdi></a>`;
}

/** What an answer rests on, each once. */
export function sourcesView({ parts }: ChatMessage): TemplateResult | typeof nothing {
  const found = new Map<string, TemplateResult>();
  for (const part of parts) {
    if (part.type === 'source-url') {
      if (!found.has(part.url)) found.set(part.url, sourceLink(part));
    }
    if (part.type === 'source-document') {
      found.set(part.sourceId, html`<bdi>${part.title}</bdi>`);
    }
  }
  if (found.size === 0) return nothing;
  return html`<div class="sources">
    <h3>Sources</h3>
    <ol>
      ${[...found.values()].map((source) => html`<li>${source}</li>`)}
    </ol>
  </div>`;
}

/** Relative ones are of a page that is not this one: they are shown, and not linked. */
function sourceLink({ url, title }: PartOf<'source-url'>): TemplateResult {
  const address = URL.parse(url);
  const name = title?.trim() || url;
  if (address === null || !/^https?:$/.test(address.protocol)) return html`<bdi>${name}</bdi>`;
  return html`<a href=${address.href} target="_blank" rel="noopener noreferrer nofollow"
    ><bdi>${name}</bdi>${name === url ? nothing : html` <bdi class="muted">${address.host}</bdi>`}</a
  >`;
}
