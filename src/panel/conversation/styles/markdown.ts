import { css } from '../../styles/css.ts';

/** Answers as they are drawn from markdown. */
export const markdown = css`
  .markdown {
    white-space: normal;
  }
  .markdown * {
    margin-block: 0;
  }
  .markdown > * + *,
  .markdown :is(li, blockquote) > * + :is(p, .code, .table, blockquote, ul, ol) {
    margin-block-start: 0.7em;
  }
  .markdown li:not(:has(p)) > * + :is(ul, ol) {
    margin-block-start: 0.25em;
  }
  .markdown h3 {
    font-size: 1.07em;
    font-weight: 650;
    line-height: 1.35;
  }
  .markdown h3[data-depth='1'] {
    font-size: 1.2em;
  }
  .markdown > * + h3 {
    margin-block-start: 1.1em;
  }
  .markdown :is(ul, ol) {
    padding-inline-start: 1.5em;
    list-style: disc;
  }
  .markdown ol {
    list-style: decimal;
  }
  .markdown li + li {
    margin-block-start: 0.25em;
  }
  .markdown li::marker {
    color: var(--_muted);
  }
  .markdown .task {
    list-style: none;
    margin-inline-start: -1.4em;
  }
  .markdown .task > p:first-of-type {
    display: inline;
  }
  .markdown input {
    margin-inline-end: 0.5em;
    accent-color: var(--_accent-text);
  }
  .markdown blockquote {
    margin-inline: 0;
    padding-inline-start: 0.9em;
    border-inline-start: 3px solid var(--_border);
    color: var(--_muted);
  }
  .markdown hr {
    border: 0;
    border-block-start: 1px solid var(--_border);
  }
  .markdown code {
    padding: 0.1em 0.35em;
    border-radius: 5px;
    background: var(--_sunken);
    font: 0.88em/1.5 var(--_mono);
  }
  .markdown .code {
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
    background: var(--_sunken);
  }
  .markdown .code-bar {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 36px;
    padding-inline: calc(var(--_unit) * 3) 4px;
    border-block-end: 1px solid var(--_border);
    color: var(--_muted);
    font-size: 0.8em;
  }
  .markdown .code-language {
    margin-inline-end: auto;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-family: var(--_mono);
  }
  .markdown .code-copy {
    flex: none;
    min-block-size: 28px;
    padding: 2px 10px;
    border-color: transparent;
    color: inherit;
    font-size: inherit;
  }
  .markdown pre {
    padding: calc(var(--_unit) * 3);
    border-radius: 0 0 var(--_inner) var(--_inner);
    overflow-x: auto;
    overflow-wrap: normal;
  }
  .markdown pre code {
    padding: 0;
    background: none;
    white-space: pre;
  }
  .markdown .address {
    overflow-wrap: anywhere;
    color: var(--_muted);
    font-size: 0.93em;
  }
  .markdown .image {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    box-sizing: border-box;
    max-inline-size: 100%;
    margin-block: 4px;
    padding: 8px 12px;
    border: 1px dashed var(--_border);
    border-radius: var(--_inner);
    background: var(--_sunken);
    font-size: 0.93em;
    vertical-align: middle;
  }
  .markdown .image-alt {
    inline-size: 100%;
    overflow-wrap: anywhere;
    font-weight: 550;
  }
  .markdown .image-note {
    flex: 1 1 10em;
    overflow-wrap: anywhere;
    color: var(--_muted);
  }
  .markdown .image-show {
    flex: none;
    background: var(--_surface);
  }
  .markdown .image:has(img) {
    padding: 0;
    border: 0;
    background: none;
  }
  .markdown .image[aria-busy] {
    min-block-size: 3em;
    min-inline-size: 6em;
    border: 1px solid var(--_border);
  }
  .markdown .image img {
    max-inline-size: 100%;
    max-block-size: 360px;
    border-radius: var(--_inner);
    object-fit: contain;
  }
  .markdown .table {
    inline-size: fit-content;
    max-inline-size: 100%;
    overflow-x: auto;
    border: 1px solid var(--_border);
    border-radius: var(--_inner);
  }
  .markdown table {
    border-collapse: collapse;
    font-size: 0.93em;
  }
  .markdown :is(th, td) {
    overflow-wrap: break-word;
    padding: 6px 12px;
    text-align: start;
    vertical-align: top;
  }
  .markdown th {
    background: var(--_sunken);
    font-weight: 600;
  }
  .markdown td {
    border-block-start: 1px solid var(--_border);
    min-inline-size: 5.5em;
  }
  .markdown tbody:first-child tr:first-child td {
    border: 0;
  }
  .markdown [data-align='center'] {
    text-align: center;
  }
  .markdown [data-align='right'] {
    text-align: end;
  }
`;
