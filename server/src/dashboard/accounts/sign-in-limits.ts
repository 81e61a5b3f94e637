import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { DashboardProblem } from '../problem.ts';

/** Tries with a password or a link, counted by each server process alone. */
export type SignInLimits = {
  /** @throws DashboardProblem `rate_limited` */
  fromAddress(address: string): Promise<void>;
  /** Of one account, from wherever; wrong ones alone stay counted. @throws DashboardProblem `rate_limited` */
  ofAccount(email: string): Promise<void>;
  forgive(email: string): Promise<void>;
};

export function createSignInLimits(): SignInLimits {
  const addresses = new RateLimiterMemory({ points: 20, duration: 60 });
  const accounts = new RateLimiterMemory({ points: 10, duration: 15 * 60 });
  const keyOf = (email: string): string => email.trim().toLowerCase().slice(0, 320);
  return {
    fromAddress: (address) => consume(addresses, address),
    ofAccount: (email) => consume(accounts, keyOf(email)),
    forgive: async (email) => void (await accounts.delete(keyOf(email))),
  };
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    const detail = `Too many tries. Wait ${retryAfterSeconds} seconds.`;
    throw new DashboardProblem('rate_limited', { retryAfterSeconds, detail });
  }
}
