const added: HTMLStyleElement[] = [];

/** A style sheet of the page, as the last in its head. */
export function addStyle(text: string): () => void {
  const style = document.createElement('style');
  style.textContent = text;
  document.head.append(style);
  added.push(style);
  return () => style.remove();
}

/** For `describe`: takes the page's style sheets away after each test. */
export function useStyles(): void {
  afterEach(() => {
    for (const style of added.splice(0)) style.remove();
  });
}
