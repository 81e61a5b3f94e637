import { html, nothing, type TemplateResult } from 'lit';
import { icon, type IconName } from './icons.ts';

export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'accent';

/** A word or two about a thing. The tone never says anything that the words do not. */
export const badge = (text: string, tone: Tone = 'neutral', name?: IconName): TemplateResult =>
  html`<span class=${`badge ${tone}`}>${name ? icon(name) : nothing}${text}</span>`;

export type IdentityKind = 'verified' | 'self-reported' | 'anonymous';

const kinds: Readonly<Record<IdentityKind, () => TemplateResult>> = {
  verified: () => badge('Verified', 'success', 'check'),
  'self-reported': () => badge('Self-reported', 'warning', 'question'),
  anonymous: () => badge('Anonymous'),
};

/** How it is known who a visitor is: signed by the site, said by the visitor, or not at all. */
export const identityBadge = (kind: IdentityKind): TemplateResult => kinds[kind]();
