import { html, type TemplateResult } from 'lit';

const integers = new Intl.NumberFormat('en');
const shares = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const plurals = new Intl.PluralRules('en');

/** `12,408`. */
export const formatNumber = (value: number): string => integers.format(value);

/** `0.257` as `26%`. */
export const formatShare = (share: number): string => shares.format(share);

/** `1 message`, `2 messages`. */
export const formatCount = (count: number, one: string, other: string = `${one}s`): string =>
  `${formatNumber(count)} ${plurals.select(count) === 'one' ? one : other}`;

/**
 * Text of a visitor, a model or a host page within a sentence: whatever direction it is written in, the words around it
 * keep theirs. A text node: markup in it is shown, not run.
 */
export const foreignText = (text: string): TemplateResult => html`<bdi>${text}</bdi>`;
