import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { IdentityReason } from '../../../src/protocol/index.ts';

export type Metrics = {
  /** `route` is a pattern and `method` one of a fixed set: nothing that a visitor chose becomes a label. */
  request(labels: { readonly route: string; readonly method: string; readonly status: number }, seconds: number): void;
  tokenRefused(reason: IdentityReason): void;
  reply(state: string): void;
  attachment(outcome: string): void;
  feedback(rating: string): void;
  /** Prometheus text format, version 0.0.4. */
  text(): Promise<string>;
  readonly contentType: string;
};

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A registry of its own, so that two servers in one process do not share counters. */
export function createMetrics(openStreams: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['route', 'method', 'status'] as const;
  const requests = new Counter({ name: 'chat_http_requests_total', help: 'Answered requests', labelNames, registers });
  const durations = new Histogram({
    name: 'chat_http_request_seconds',
    help: 'Time until the head of the answer was ready',
    labelNames: ['route'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const refused = new Counter({
    name: 'chat_tokens_refused_total',
    help: 'Tokens that were not accepted',
    labelNames: ['reason'] as const,
    registers,
  });
  const replies = new Counter({
    name: 'chat_replies_total',
    help: 'Replies that this process has ended',
    labelNames: ['state'] as const,
    registers,
  });
  const attachments = new Counter({
    name: 'chat_attachments_total',
    help: 'Files that were uploaded, or why they were not',
    labelNames: ['outcome'] as const,
    registers,
  });
  const feedback = new Counter({
    name: 'chat_feedback_total',
    help: 'What visitors have said of answers',
    labelNames: ['rating'] as const,
    registers,
  });
  const streams: Gauge = new Gauge({
    name: 'chat_open_streams',
    help: 'Event streams that are open now',
    registers,
    collect: () => streams.set(openStreams()),
  });
  return {
    request({ route, method, status }, seconds) {
      requests.inc({ route, method: methods.has(method) ? method : 'other', status: String(status) });
      durations.observe({ route }, seconds);
    },
    tokenRefused: (reason) => refused.inc({ reason }),
    reply: (state) => replies.inc({ state }),
    attachment: (outcome) => attachments.inc({ outcome }),
    feedback: (rating) => feedback.inc({ rating }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
