/** A browser may ask the visitor where to put a file, and reads it only then. */
const keptMs = 60_000;

/** Hands a file to the browser's downloads. */
export function saveFile(blob: Blob, name: string, root: ShadowRoot): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.hidden = true;
  root.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), keptMs);
}
