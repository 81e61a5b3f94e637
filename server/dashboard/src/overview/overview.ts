/** `GET overview` (docs/dashboard.md). */
export type Times = { readonly count: number; readonly medianMs: number; readonly p95Ms: number } | null;

export type Summary = {
  readonly messages: number;
  readonly conversations: number;
  readonly verified: number;
  readonly withoutHuman: number;
  readonly feedback: { readonly up: number; readonly down: number };
  readonly refused: Readonly<Record<string, number>>;
  readonly replyTime: Times;
  readonly humanTime: Times;
};

export type Day = Summary & { readonly day: string };

export type Overview = {
  readonly timeZone: string;
  readonly countedUntil: string;
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly days: readonly Day[];
  readonly total: Summary;
  readonly before: Summary;
};

export const refusedOf = ({ refused }: Summary): number =>
  Object.values(refused).reduce((sum, count) => sum + count, 0);

/** Whether nobody has ever come, as far as can be seen. */
export const isEmpty = ({ total, before }: Overview): boolean =>
  [total, before].every((summary) => summary.messages + summary.conversations + refusedOf(summary) === 0);
