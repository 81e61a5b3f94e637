import type { VisitorEvent } from '../../../../src/protocol/index.ts';
import type { AgentCall, Route } from '../call.ts';
import { unavailable } from '../http-problem.ts';
import type { LiveStream } from '../live-streams.ts';
import { describeError } from '../request-log.ts';
import { openIn } from '../stream-places.ts';
import { sseBody, type SseFrame } from '../sse.ts';
import { lifelineOf, readVisitor, type Visitor } from '../visitor.ts';

/** `GET A/events`: what happens to one visitor's conversations, live. */
export const eventRoute: Route = {
  method: 'GET',
  path: '/v1/agents/:agentId/events',
  kind: 'agent',
  handle: openEvents,
};

async function openEvents(call: AgentCall): Promise<Response> {
  const { services, request, record } = call;
  if (services.isDraining()) throw unavailable();
  const visitor = await readVisitor(call);
  const place = services.places.take(record.address);
  const stream = await openIn(place, () => services.streams.open(lifelineOf(call, visitor, 'events')));
  const body = sseBody({
    frames: eventFrames(call, visitor, stream, readLastEventId(request)),
    greeting: 'live',
    keepAliveMs: services.keepAliveMs,
    onEnd: ({ failure }) => {
      stream.close();
      place.release();
      if (failure !== undefined)
        services.log.error({ requestId: record.requestId, error: describeError(failure) }, 'events cut');
    },
  });
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' };
  return new Response(body, { headers });
}

async function* eventFrames(
  { services }: AgentCall,
  { owner }: Visitor,
  stream: LiveStream,
  lastEventId: number | undefined,
): AsyncGenerator<SseFrame> {
  let last = lastEventId;
  for await (const { id, event } of services.conversations.events(owner, lastEventId, stream.signal)) {
    last = id;
    yield { id: String(id), event: event.type, data: dataOf(event) };
  }
  const end = stream.end();
  if (end !== 'revoked' && end !== 'expired') return;
  // The number of the event before it: the end of a stream is stored nowhere and moves no cursor.
  yield {
    ...(last === undefined ? {} : { id: String(last) }),
    event: 'identity',
    data: JSON.stringify({ state: end }),
  };
}

const written = new WeakMap<VisitorEvent, string>();

/** All streams of a visitor are given the same event; as large as a whole reply, it is made into JSON once. */
function dataOf(event: VisitorEvent): string {
  const known = written.get(event);
  if (known !== undefined) return known;
  const { type: _type, ...data } = event;
  const text = JSON.stringify(data);
  written.set(event, text);
  return text;
}

/** Events are numbered; anything else starts with what comes next. */
function readLastEventId(request: Request): number | undefined {
  const text = request.headers.get('last-event-id') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
