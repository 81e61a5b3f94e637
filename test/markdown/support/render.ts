import { createMarkdownRenderer, type MarkdownOptions } from '../../../src/markdown/index.ts';

/** Draws frames when told to, so that no test waits for a real one. */
export function manualFrames() {
  const pending: (() => void)[] = [];
  return {
    requestFrame: (draw: () => void) => pending.push(draw),
    /** Runs what is pending now; answers how many draws there were. */
    flush: () => {
      const due = pending.splice(0);
      for (const draw of due) draw();
      return due.length;
    },
  };
}

/** A container with the whole text rendered at once. */
export function renderWhole(text: string, options: MarkdownOptions = {}): HTMLElement {
  const container = document.createElement('div');
  const renderer = createMarkdownRenderer(container, options);
  renderer.set(text);
  renderer.finish();
  return container;
}

/** A container with the text appended in pieces, drawn after each. */
export function renderPieces(pieces: readonly string[]): HTMLElement {
  const container = document.createElement('div');
  const frames = manualFrames();
  const renderer = createMarkdownRenderer(container, { requestFrame: frames.requestFrame, now: () => 0 });
  for (const piece of pieces) {
    renderer.append(piece);
    frames.flush();
  }
  renderer.finish();
  return container;
}

/** What a reader sees after each piece. */
export function renderSteps(pieces: readonly string[]): string[] {
  const container = document.createElement('div');
  const frames = manualFrames();
  const renderer = createMarkdownRenderer(container, { requestFrame: frames.requestFrame, now: () => 0 });
  return pieces.map((piece) => {
    renderer.append(piece);
    frames.flush();
    return container.innerHTML;
  });
}
