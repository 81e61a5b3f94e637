import type { Tokens } from 'marked';
import { copyText } from './copy-text.ts';
import { element, partElement, scrollable, smallButton } from './element.ts';
import { decodeReferences } from './entities.ts';
import type { MarkdownLabels } from './labels.ts';

const copiedMs = 2_000;

/** A code block below a bar with its language and a button that copies it. */
export function buildCode(token: Tokens.Code, labels: MarkdownLabels): HTMLElement {
  const pre = element('pre', [element('code', [token.text.replace(/\n$/, '')])]);
  const language = /^[\p{L}\p{N}_+#.-]{1,20}/u.exec(decodeReferences(token.lang ?? ''))?.[0];
  if (language !== undefined) pre.dataset['language'] = language;
  pre.dir = 'ltr';
  return partElement('div', 'code', [buildBar(language ?? '', labels), scrollable(pre, labels.code)]);
}

function buildBar(language: string, labels: MarkdownLabels): HTMLElement {
  const name = partElement('span', 'code-language', [language]);
  const status = element('span');
  status.className = 'code-status hidden';
  status.setAttribute('role', 'status');
  const button = smallButton('code-copy', labels.copy);
  button.ariaLabel = labels.copyCode;
  const bar = element('div', [name, status, button]);
  bar.className = 'code-bar';
  bar.dataset['own'] = `${language} ${labels.copy} ${labels.copyCode}`;
  return bar;
}

/** Copies the code below the button's bar, and says so for a while. */
export async function copyCode(button: Element, labels: MarkdownLabels): Promise<void> {
  const bar = button.closest('.code-bar');
  const status = bar?.querySelector('.code-status');
  const code = bar?.nextElementSibling?.querySelector('code');
  if (status == null || code == null) return;
  if (!(await copyText(code.textContent, button))) {
    // The person can still copy it by hand.
    getSelection()?.selectAllChildren(code);
    return;
  }
  status.textContent = button.textContent = button.ariaLabel = labels.copied;
  setTimeout(() => {
    status.replaceChildren();
    button.textContent = labels.copy;
    button.ariaLabel = labels.copyCode;
  }, copiedMs);
}
