import { wordsOf } from './words.ts';

const thing =
  '(?:(?:last|latest|recent|open|current|past|old|new|own|next|pending) )*(?:orders?|parcels?|packages?|shipments?|deliver(?:y|ies)|invoices?|receipts?|refunds?|returns?|subscriptions?|accounts?|tickets?|payments?|purchases?|details|profile|data|history|gift card balance|balance)';

const aboutMine = [
  new RegExp(`\\b(?:where|wheres|where s) (?:is|are|s )?\\s?my ${thing}\\b`),
  new RegExp(`\\b(?:when|has|have|is|are|was|were|did|will|why)\\b(?: \\w+){0,4} my ${thing}\\b`),
  new RegExp(
    `\\b(?:show|list|check|see|find|track|look up|look into|open|view|send|give|get|tell me about)\\b(?: \\w+){0,3} my ${thing}\\b`,
  ),
  new RegExp(`\\b(?:status|state|history|details|contents|list|copy) (?:of|for|on) my ${thing}\\b`),
  new RegExp(`\\bwhat(?: s|s| is| are| did)?(?: \\w+){0,3} my ${thing}\\b`),
  new RegExp(`^my ${thing}(?: (?:status|please|history))?$`),
  /\bmy order (?:status|history|number)\b/,
  /\bwhat (?:did|have) i (?:order|ordered|buy|bought|paid|pay)\b/,
  /\b(?:did|have) you (?:get|got|receive|received) my (?:return|parcel|package|payment)\b/,
];

/** "How do I…", "can I…", "I want to…": asks for the way, not for the visitor's own data. */
const asksForTheWay =
  /^(?:\w+ ){0,3}?(?:how (?:do|can|to|should|would|long|much|could)|where (?:do|can|could|should) i|can i|could i|may i|am i (?:able|allowed)|do i|should i|what (?:if|happens|should i)|i (?:want|would like|need|have) to|is it possible)\b/;

const maxWords = 60;

/**
 * Whether a question is about the visitor's own orders, invoices or account: something that needs proof of who they
 * are, and that no document can answer. English; errs on the side of "no", which only means a general answer.
 */
export function isPersonalQuestion(text: string): boolean {
  const said = wordsOf(text.slice(0, 2_000)).slice(0, maxWords).join(' ');
  return !asksForTheWay.test(said) && aboutMine.some((pattern) => pattern.test(said));
}
