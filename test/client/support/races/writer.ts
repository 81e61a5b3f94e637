import assert from 'node:assert/strict';
import type { ChatClient } from '../../../../src/client/index.ts';
import { canariesIn, canaryOf, type Oracle } from './oracle.ts';

/** What was typed last, and where. */
type Draft = { readonly id: string; readonly text: string } | undefined;

/** What visitors write besides new messages: edits, comments, drafts, names of files. */
export class Writer {
  /** What is no message of its own, or has been tried where it need not be taken. */
  readonly excused = new Set<number>();
  readonly #oracle: Oracle;
  /** What was edited, and what it was to become. */
  readonly #edits: { readonly before: number; readonly after: number }[] = [];
  readonly #drafts: [Draft, Draft] = [undefined, undefined];

  constructor(oracle: Oracle) {
    this.#oracle = oracle;
  }

  /** The visitor's last message, by another text. */
  edit(tab: 0 | 1, client: ChatClient): void {
    const last = client.snapshot.messages.findLast(({ role, delivery }) => role === 'user' && delivery === 'sent');
    const [before] = canariesIn(JSON.stringify(last?.parts ?? []));
    if (last === undefined || before === undefined) return;
    const { n } = this.#oracle.type(tab);
    this.#edits.push({ before, after: n });
    this.excused.add(before).add(n);
    client.editLast(last.id, canaryOf(n)).catch(() => undefined);
  }

  /** Of an answer. */
  comment(tab: 0 | 1, client: ChatClient): void {
    const answer = client.snapshot.messages.findLast(({ role }) => role === 'assistant');
    if (answer === undefined) return;
    const { n } = this.#oracle.type(tab);
    this.excused.add(n);
    client.feedback(answer.id, 'down', canaryOf(n)).catch(() => undefined);
  }

  /** What was kept is looked at, and something else is typed. */
  draft(tab: 0 | 1, client: ChatClient): void {
    const { conversationId } = client.snapshot;
    this.#oracle.checkShown(tab, client.draft(conversationId));
    const { n } = this.#oracle.type(tab);
    this.excused.add(n);
    const draft = { id: client.snapshot.conversationId, text: canaryOf(n) };
    this.#drafts[tab] = draft;
    client.keepDraft(draft.id, draft.text);
  }

  /** A panel may be late with what was typed. */
  lateDraft(tab: 0 | 1, client: ChatClient): void {
    const draft = this.#drafts[tab];
    if (draft !== undefined) client.keepDraft(draft.id, draft.text);
  }

  /** A file with a name that says whose it is, sent as soon as the server has it. */
  attach(tab: 0 | 1, client: ChatClient): void {
    const { epoch } = client.snapshot;
    const { n } = this.#oracle.type(tab);
    this.excused.add(n);
    const send = async () => {
      const attachment = await client.attach(new Blob(['a file']), canaryOf(n));
      if (client.snapshot.epoch === epoch) await client.send('', { attachments: [attachment] });
    };
    send().catch(() => undefined);
  }

  /** Another page takes the tab; what this one has not kept yet is gone. */
  leave(tab: 0 | 1): void {
    this.#drafts[tab] = undefined;
  }

  /** Where an edit was not taken, what it was to replace is still there. */
  checkEdits(stored: readonly number[]): void {
    for (const { before, after } of this.#edits) {
      const isLast = !this.#edits.some((edit) => edit.before === after);
      const mustBe = isLast && this.#mayNotBeLost(before) && this.#mayNotBeLost(after);
      // It may have been edited once more meanwhile, from where its first edit was not known yet.
      const isKept = this.#lineOf(before).some((n) => stored.includes(n));
      assert.ok(!mustBe || isKept, `both «${before}» and its edit «${after}» were lost`);
    }
  }

  /** A text and all that it was to become. */
  #lineOf(n: number): readonly number[] {
    return [n, ...this.#edits.flatMap(({ before, after }) => (before === n ? this.#lineOf(after) : []))];
  }

  #mayNotBeLost(n: number): boolean {
    const typed = this.#oracle.typed[n];
    return typed !== undefined && !typed.isDropped && !typed.isContested && typed.logouts === this.#oracle.logouts;
  }
}
