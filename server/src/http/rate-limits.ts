import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimitSettings } from '../config/index.ts';
import { HttpProblem } from './http-problem.ts';

export type RateLimits = {
  readonly chatOfVisitor: (ownerKey: string) => Promise<void>;
  readonly chatFromAddress: (address: string) => Promise<void>;
  readonly logoutFromAddress: (address: string) => Promise<void>;
  readonly otherFromAddress: (address: string) => Promise<void>;
};

/** Each limit throws `HttpProblem` `rate_limited` with `Retry-After` for what is over it. */
export function createRateLimits(settings: RateLimitSettings): RateLimits {
  const visitor = createLimit(settings.chatPerVisitor);
  const chat = createLimit(settings.chatPerAddress);
  const logout = createLimit(settings.logoutPerAddress);
  const other = createLimit(settings.otherPerAddress);
  return {
    chatOfVisitor: visitor,
    chatFromAddress: (address) => chat(networkOf(address)),
    logoutFromAddress: (address) => logout(networkOf(address)),
    otherFromAddress: (address) => other(networkOf(address)),
  };
}

function createLimit(perMinute: number): (key: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (key) => {
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new HttpProblem('rate_limited', { retryAfterSeconds });
    }
  };
}

/** One household has a whole /64 of IPv6 addresses, so that is what counts as one address. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
