import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimitSettings } from '../config/index.ts';
import { HttpProblem } from './http-problem.ts';

export type RateLimits = {
  readonly chatOfVisitor: (ownerKey: string) => Promise<void>;
  readonly chatFromAddress: (address: string) => Promise<void>;
  readonly logoutFromAddress: (address: string) => Promise<void>;
  readonly otherFromAddress: (address: string) => Promise<void>;
  readonly uploadOfVisitor: (ownerKey: string) => Promise<void>;
  readonly uploadFromAddress: (address: string) => Promise<void>;
  readonly uploadBytesFromAddress: (address: string, bytes: number) => Promise<void>;
  readonly searchOfVisitor: (ownerKey: string) => Promise<void>;
};

/** Each limit throws `HttpProblem` `rate_limited` with `Retry-After` for what is over it. */
export function createRateLimits(settings: RateLimitSettings): RateLimits {
  const visitor = createLimit(settings.chatPerVisitor);
  const chat = createLimit(settings.chatPerAddress);
  const logout = createLimit(settings.logoutPerAddress);
  const other = createLimit(settings.otherPerAddress);
  const uploads = createLimit(settings.uploadsPerAddress);
  const uploaded = createLimit(settings.uploadMebibytesPerAddress, 3_600);
  return {
    chatOfVisitor: visitor,
    chatFromAddress: (address) => chat(networkOf(address)),
    logoutFromAddress: (address) => logout(networkOf(address)),
    otherFromAddress: (address) => other(networkOf(address)),
    uploadOfVisitor: createLimit(settings.uploadsPerVisitor),
    uploadFromAddress: (address) => uploads(networkOf(address)),
    uploadBytesFromAddress: (address, bytes) => uploaded(networkOf(address), Math.ceil(bytes / mebibyte)),
    searchOfVisitor: createLimit(settings.searchesPerVisitor),
  };
}

const mebibyte = 1024 * 1024;

function createLimit(points: number, durationSeconds = 60): (key: string, count?: number) => Promise<void> {
  const limiter = new RateLimiterMemory({ points, duration: durationSeconds });
  return async (key, count = 1) => {
    try {
      await limiter.consume(key, count);
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
