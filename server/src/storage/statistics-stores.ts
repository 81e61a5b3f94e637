/** What happened at one agent within one hour. Of what was removed since, the numbers stay. */
export type HourStatistics = {
  readonly agentId: string;
  /** When the hour begins, in milliseconds since the epoch. */
  readonly hour: number;
  /** Messages that visitors have sent; one that was edited counts once. */
  readonly messages: number;
  /** Conversations that began, and of them those of verified visitors, and those that a person was asked into or took over. */
  readonly conversations: number;
  readonly verified: number;
  readonly handedOver: number;
  /** Answers of this hour that visitors have rated. */
  readonly ratedUp: number;
  readonly ratedDown: number;
  /** Refused tokens by reason. */
  readonly refusals: Counts;
  /** How long complete replies took from their question to their end, as a histogram (`timeBucket`). */
  readonly replyTimes: Counts;
  /** How long visitors waited for the first words of a person, likewise; of conversations that began in this hour. */
  readonly humanTimes: Counts;
};

export type Counts = { readonly [key: string]: number };

/**
 * Numbers by agent and hour. Hours are counted once they are over, and again a day and a week later, for what has changed
 * by then: ratings, visitors who signed in, hand-offs. All processes may count; each hour is counted by one at a time.
 */
export type StatisticsStore = {
  /** Counts the next hour that is due. False where none is. */
  countNext(now: number): Promise<boolean>;
  /**
   * The hours that begin from `from` on and before `to`, in which something happened. Hours that are not counted yet are
   * counted for this answer, unless there are more than 3 of them (the server was away, or has just begun): then they are
   * left out, and `countedUntil` says where they begin.
   */
  read(question: {
    readonly agentIds: readonly string[];
    readonly from: number;
    readonly to: number;
    readonly now: number;
  }): Promise<{ readonly hours: readonly HourStatistics[]; readonly countedUntil: number }>;
};
