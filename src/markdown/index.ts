export { createMarkdownRenderer } from './markdown-renderer.ts';
export type { MarkdownLabels, MarkdownOptions, MarkdownRenderer } from './markdown-renderer.ts';
