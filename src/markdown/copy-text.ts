/**
 * Puts a text on the clipboard; answers whether it is there. Without the Clipboard API (a page over plain http, a policy
 * of the host page) through a field beside `anchor`, which is gone again at once.
 */
export async function copyText(text: string, anchor: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyThroughField(text, anchor);
  }
}

function copyThroughField(text: string, anchor: Element): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'hidden';
  anchor.after(field);
  field.select();
  // Deprecated, and the only way there is where the Clipboard API is not.
  const isCopied = document.execCommand('copy');
  field.remove();
  if (anchor instanceof HTMLElement) anchor.focus();
  return isCopied;
}
