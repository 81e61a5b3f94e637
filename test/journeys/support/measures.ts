import type { Page } from 'playwright-core';

/** Those whose target would be less than 24 by 24 CSS pixels. Links within sentences are exempt (WCAG 2.5.8). */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const roots = [...document.querySelectorAll('chat-panel, chat-widget')].map(({ shadowRoot }) => shadowRoot);
    const controls = roots.flatMap((root) => [
      ...(root?.querySelectorAll<HTMLElement>('button, a, input, textarea, summary, [role=menuitem]') ?? []),
    ]);
    return controls.flatMap((control) => {
      const isInSentence = control.localName === 'a' && getComputedStyle(control).display === 'inline';
      if (isInSentence || control.getClientRects().length === 0 || control.closest('.hidden') !== null) return [];
      const { width, height } = control.getBoundingClientRect();
      return Math.min(width, height) < 24 ? [`${width}x${height} ${control.outerHTML.slice(0, 120)}`] : [];
    });
  });

/** What is wider than there is room, but for what scrolls by itself on purpose: code and tables. */
export const overflowing = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const roots = [...document.querySelectorAll('chat-panel')].map(({ shadowRoot }) => shadowRoot);
    const elements = roots.flatMap((root) => [...(root?.querySelectorAll<HTMLElement>('*') ?? [])]);
    const found = elements.flatMap((element) => {
      if (element.closest('.hidden, pre, .table, svg') !== null || element.getClientRects().length === 0) return [];
      const { left, right } = element.getBoundingClientRect();
      const isOut = left < -1 || right > innerWidth + 1;
      return isOut ? [`${element.localName}.${element.className} from ${left} to ${right} of ${innerWidth}`] : [];
    });
    const { scrollWidth } = document.scrollingElement ?? { scrollWidth: 0 };
    return scrollWidth > innerWidth ? [...found, `the page scrolls sideways: ${scrollWidth}`] : found;
  });

/** Controls that cannot be brought wholly onto the screen. */
export const hiddenControls = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const roots = [...document.querySelectorAll('chat-panel')].map(({ shadowRoot }) => shadowRoot);
    const controls = roots.flatMap((root) => [
      ...(root?.querySelectorAll<HTMLElement>('button, input, textarea') ?? []),
    ]);
    return controls.flatMap((control) => {
      if (control.getClientRects().length === 0) return [];
      control.scrollIntoView({ block: 'nearest', behavior: 'instant' });
      const { left, right, top, bottom } = control.getBoundingClientRect();
      const isOut = left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
      return isOut ? [`${[left, top, right, bottom].join(' ')} ${control.outerHTML.slice(0, 120)}`] : [];
    });
  });

/** https://www.w3.org/TR/WCAG22/#text-spacing */
export const spreadText = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
       p { margin-block-end: 2em !important }`,
    );
    for (const { shadowRoot } of document.querySelectorAll('chat-panel')) shadowRoot?.adoptedStyleSheets.push(sheet);
  });

/** No scene has more stops than this. */
const maxStops = 60;

/** Goes through all stops of the Tab key; tells of those whose focus cannot be seen, or which something else covers. */
export async function obscuredFocus(page: Page): Promise<string[]> {
  const found: string[] = [];
  const seen = new Set<string>();
  for (let stop = 0; stop < maxStops; stop++) {
    await page.keyboard.press('Tab');
    const { id, problem } = await page.evaluate(readFocus);
    if (id === '' || seen.has(id)) break;
    seen.add(id);
    if (problem !== '') found.push(problem);
  }
  return seen.size === 0 ? ['no stop at all'] : found;
}

function readFocus(): { readonly id: string; readonly problem: string } {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  if (focused === null || focused === document.body || focused.getRootNode() === document)
    return { id: '', problem: '' };
  const marks = globalThis as { nextMark?: number };
  const element = focused as HTMLElement;
  const id = (element.dataset['stop'] ??= `${(marks.nextMark = (marks.nextMark ?? 0) + 1)}`);
  const name = element.outerHTML.slice(0, 120);
  const ring = (of: Element): boolean => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
  };
  // A field that is written in may have its ring around itself and its buttons.
  const frame = element.closest('.field, .search');
  const isMarked = ring(element) || (frame !== null && ring(frame));
  if (!isMarked) return { id, problem: `no focus ring: ${name}` };
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const root = element.getRootNode() as ShadowRoot;
  const points = [0.25, 0.5, 0.75].map((share) => [left + (right - left) * share, (top + bottom) / 2] as const);
  const isCovered = points.every(([x, y]) => {
    const hit = root.elementFromPoint(x, y);
    return hit === null || !(element === hit || element.contains(hit) || hit.contains(element));
  });
  return { id, problem: isCovered ? `something covers ${name}` : '' };
}
