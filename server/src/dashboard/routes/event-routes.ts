import { createDeskStreams, type DeskStreams, type StreamEvent } from '../live/desk-streams.ts';
import { DashboardProblem } from '../problem.ts';
import type { DashboardRoute, OperatorCall } from '../route.ts';

/** `GET events`: what happens, as it happens. Ids only; what they are of is asked for, and may be refused, as always. */
export function eventRoutes(): readonly DashboardRoute[] {
  let streams: DeskStreams | undefined;
  const handle = (call: OperatorCall): Response => {
    const { store, sessionCheckMs } = call.services;
    streams ??= createDeskStreams({ notifier: store.notifier, reviewEveryMs: sessionCheckMs });
    return openEvents(call, streams);
  };
  return [{ method: 'GET', path: '/events', role: 'viewer', handle }];
}

function openEvents(call: OperatorCall, streams: DeskStreams): Response {
  const { services, operator, sessionHash, request, signal } = call;
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
  if (request.method === 'HEAD') return new Response(null, { headers });
  if (services.isDraining()) throw new DashboardProblem('unavailable', { retryAfterSeconds: 2 });
  const gone = new AbortController();
  const review = async () => (await services.store.operators.useSession(sessionHash, services.clock()))?.operator;
  const events = streams.open({ operator, review, signal: AbortSignal.any([signal, gone.signal]) });
  const body = services.eventBody({
    frames: framesOf(events),
    greeting: 'live',
    keepAliveMs: services.keepAliveMs,
    onEnd: () => gone.abort(),
  });
  return new Response(body, { headers });
}

async function* framesOf(events: AsyncIterable<StreamEvent>): AsyncGenerator<{ readonly data: string }> {
  for await (const event of events) yield { data: JSON.stringify(event) };
}
