import { element, partElement, smallButton, textNode } from './element.ts';
import type { MarkdownContext, MarkdownLabels } from './labels.ts';
import { buildLink } from './link.ts';
import { safeHref } from './safe-href.ts';

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * What stands for an image until a person asks for it: nothing is fetched before, as the address alone can carry away what
 * was said. Only https (http from the page's own site and the visitor's own machine); other addresses are links or text.
 */
export function buildImage(href: string, alt: string, labels: MarkdownContext): Node {
  const source = imageSource(href, labels.base);
  if (source === undefined) return buildLink(href, [textNode(alt || labels.image)], labels.base);
  const name = partElement('span', 'image-alt', [alt || labels.image]);
  name.dir = 'auto';
  const box = partElement('span', 'image', [name, ...offer(labels.imageFrom(source.host), labels)]);
  box.dataset['own'] = `${source.href} ${alt} ${labels.showImage}`;
  box.dataset['source'] = source.href;
  return box;
}

function offer(note: string, labels: MarkdownLabels): Node[] {
  const text = element('span', [note]);
  text.className = 'image-note';
  return [text, smallButton('image-show', labels.showImage)];
}

function imageSource(href: string, base: string | undefined): URL | undefined {
  const safe = safeHref(href, base);
  if (safe === undefined) return undefined;
  const url = new URL(safe);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname));
  return (isSafe || url.origin === location.origin) && url.username === '' && url.password === '' ? url : undefined;
}

/** Fetches the image whose button was clicked, and puts it in the button's place. */
export function showImage(button: Element, labels: MarkdownLabels): void {
  const box = button.closest<HTMLElement>('.image');
  const source = box?.dataset['source'];
  const name = box?.querySelector('.image-alt');
  if (box == null || source === undefined || name == null) return;
  const image = partElement('img', 'image-shown');
  image.alt = name.textContent;
  image.referrerPolicy = 'no-referrer';
  image.decoding = 'async';
  image.loading = 'lazy';
  image.addEventListener('load', () => box.removeAttribute('aria-busy'), { once: true });
  image.addEventListener('error', () => replaceRest(box, name, offer(labels.imageFailed, labels)), { once: true });
  image.src = source;
  replaceRest(box, undefined, [image]);
  box.ariaBusy = 'true';
  // The button that had the focus is gone.
  box.tabIndex = -1;
  box.focus({ preventScroll: true });

  function replaceRest(place: HTMLElement, first: Element | undefined, nodes: readonly Node[]): void {
    place.removeAttribute('aria-busy');
    place.replaceChildren(...(first === undefined ? [] : [first]), ...nodes);
  }
}
