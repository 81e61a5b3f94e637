import { markdown } from '../../../../src/panel/conversation/styles/markdown.ts';
import { css } from '../styles/index.ts';

/** Answers look as in the widget; what this page's own tables and buttons would add to them is taken back. */
const answers = css`
  cw-markdown-text {
    display: block;
    inline-size: 100%;
    overflow-wrap: anywhere;
  }
  .markdown .small {
    padding: 3px 10px;
    border: 1px solid var(--_border);
    border-radius: 8px;
    background: var(--_surface);
    color: inherit;
    cursor: pointer;
  }
  .markdown .table table {
    display: table;
  }
  .markdown .table thead {
    display: table-header-group;
    position: static;
    inline-size: auto;
    block-size: auto;
    overflow: visible;
    clip-path: none;
  }
  .markdown .table tbody {
    display: table-row-group;
  }
  .markdown .table tr {
    display: table-row;
    padding: 0;
  }
  .markdown .table :is(th, td):is(:first-child, :last-child, *) {
    display: table-cell;
    padding: 6px 12px;
    color: inherit;
    font-size: inherit;
  }
`;

const own = css`
  .transcript {
    display: grid;
    gap: 20px;
  }
  .message {
    --_inner: 10px;
    display: grid;
    gap: 4px;
    justify-items: start;
    max-inline-size: 760px;
  }
  .message header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    color: var(--_muted);
    font-size: 12.5px;
  }
  .message header > bdi {
    color: var(--_text);
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .message-body {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 10px;
    justify-items: start;
    max-inline-size: 100%;
  }
  .message:not(.visitor) .message-body {
    inline-size: 100%;
  }
  .message.visitor {
    justify-items: end;
    margin-inline-start: auto;
    padding-inline-start: 32px;
  }
  .message.visitor .message-body {
    justify-items: end;
  }
  .written {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .message.visitor .message-body > .written {
    padding: 8px 14px;
    border-radius: 12px;
    border-end-end-radius: 4px;
    background: var(--_tint);
  }
  .message.person .message-body > cw-markdown-text {
    padding-inline-start: 12px;
    border-inline-start: 3px solid var(--_line);
  }
  .transcript .event {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 2px 8px;
    color: var(--_muted);
    font-size: 13px;
  }
  .message .aside {
    color: var(--_muted);
    font-size: 13px;
  }
  .message .file {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    max-inline-size: 100%;
    padding: 6px 12px;
    border: 1px solid var(--_border);
    border-radius: 8px;
    overflow-wrap: anywhere;
  }
  .message .file img {
    inline-size: 56px;
    block-size: 56px;
    flex: none;
    border-radius: 6px;
    object-fit: cover;
  }
  .action {
    inline-size: 100%;
    border: 1px solid var(--_border);
    border-radius: 10px;
    font-size: 13px;
  }
  .action summary {
    padding: 8px 12px;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  .action summary .badge {
    margin-inline-start: 6px;
  }
  .action dl {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    padding: 0 12px 12px;
  }
  .action dt {
    color: var(--_muted);
  }
  .action pre {
    max-block-size: 320px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .sources {
    font-size: 13px;
  }
  .sources ol {
    display: grid;
    gap: 2px;
    padding-inline-start: 1.6em;
    list-style: decimal;
  }
  .sources li {
    overflow-wrap: anywhere;
  }
  .feedback {
    display: grid;
    gap: 4px;
    justify-items: start;
  }
  .feedback .written {
    padding-inline-start: 10px;
    border-inline-start: 2px solid var(--_border);
    color: var(--_muted);
  }
`;

export const transcriptStyles = markdown + answers + own;
