// Runs in the page that streaming.ts opens: the same deltas, drawn one by one, by each way of showing markdown.
import createDOMPurify from 'dompurify';
import { marked } from 'marked';
import * as streaming from 'streaming-markdown';
import { createMarkdownRenderer } from '../src/markdown/index.ts';

/** Each answers what to call for a delta. Only the first and the second make hostile text safe. */
const ways = {
  'src/markdown': (container) => {
    let draw = () => {};
    const renderer = createMarkdownRenderer(container, { requestFrame: (due) => (draw = due), now: () => 0 });
    return (delta) => {
      renderer.append(delta);
      draw();
    };
  },
  'marked + DOMPurify + innerHTML, all of it for each delta': (container) => {
    const purify = createDOMPurify(window);
    let text = '';
    return (delta) => {
      text += delta;
      container.innerHTML = purify.sanitize(marked.parse(text));
    };
  },
  'streaming-markdown (no links checked)': (container) => {
    const parser = streaming.parser(streaming.default_renderer(container));
    return (delta) => streaming.parser_write(parser, delta);
  },
};

/** Milliseconds that each way takes for the text, with the layout after each delta. */
export function measure(text, deltaLength) {
  const results = {};
  for (const [name, start] of Object.entries(ways)) {
    const container = document.createElement('div');
    document.body.replaceChildren(container);
    const write = start(container);
    const startedAt = performance.now();
    let slowestMs = 0;
    for (let at = 0; at < text.length; at += deltaLength) {
      const before = performance.now();
      write(text.slice(at, at + deltaLength));
      void container.offsetHeight;
      slowestMs = Math.max(slowestMs, performance.now() - before);
    }
    results[name] = { totalMs: performance.now() - startedAt, slowestMs };
  }
  return results;
}
