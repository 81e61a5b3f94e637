export { createMarkdownRenderer } from './markdown-renderer.ts';
export { copyText } from './copy-text.ts';
export type { MarkdownLabels, MarkdownOptions, MarkdownRenderer } from './markdown-renderer.ts';
