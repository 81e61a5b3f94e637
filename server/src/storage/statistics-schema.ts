/** What happened within an hour (`HourStatistics`); the last three as JSON. */
export type HourlyStatisticsTable = {
  agent_id: string;
  hour: number;
  messages: number;
  conversations: number;
  verified: number;
  handed_over: number;
  rated_up: number;
  rated_down: number;
  refusals: string;
  reply_times: string;
  human_times: string;
};

/** How far each round of counting has come. */
export type StatisticsProgressTable = {
  /** 0: after the hour; 1: a day later; 2: a week later. */
  round: number;
  next_hour: number;
};
