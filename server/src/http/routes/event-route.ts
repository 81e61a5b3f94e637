import type { VisitorEvent } from '../../../../src/protocol/index.ts';
import { originOf, withFileUrls } from '../attached-files.ts';
import type { AgentCall, Route } from '../call.ts';
import { unavailable } from '../http-problem.ts';
import type { LiveStream, StreamEnd } from '../live-streams.ts';
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
  call: AgentCall,
  { owner }: Visitor,
  stream: LiveStream,
  lastEventId: number | undefined,
): AsyncGenerator<SseFrame> {
  const { services } = call;
  const origin = originOf(call);
  let last = lastEventId;
  for await (const { id, event } of services.conversations.events(owner, lastEventId, stream.signal)) {
    last = id;
    yield { id: String(id), event: event.type, data: dataOf(event, origin) };
  }
  const farewell = farewellOf(stream.end());
  if (farewell === undefined) return;
  // The number of the event before it: the end of a stream is stored nowhere and moves no cursor.
  yield {
    ...(last === undefined ? {} : { id: String(last) }),
    event: farewell.type,
    data: dataOf(farewell, origin),
  };
}

/** What a visitor is told of the end of their stream; undefined where it says nothing about them. */
function farewellOf(end: StreamEnd | undefined): VisitorEvent | undefined {
  switch (end) {
    case undefined:
    case 'closing':
    case 'replaced':
    // A page that may not read answers is told nothing.
    case 'origin_not_allowed':
      return undefined;
    case 'expired':
    case 'revoked':
      return { type: 'identity', state: end };
    case 'other_subject':
    case 'no_permission':
      return { type: 'identity', state: 'rejected' };
    default:
      return { type: 'identity', state: 'rejected', reason: end };
  }
}

const written = new WeakMap<VisitorEvent, { readonly origin: string; readonly text: string }>();

/** All streams of a visitor are given the same event; as large as a whole reply, it is made into JSON once. */
function dataOf(event: VisitorEvent, origin: string): string {
  const known = written.get(event);
  if (known?.origin === origin) return known.text;
  const { type: _type, ...data } = event;
  const sent = 'message' in data ? { ...data, message: withFileUrls(data.message, origin) } : data;
  const text = JSON.stringify(sent);
  written.set(event, { origin, text });
  return text;
}

/** Events are numbered; anything else starts with what comes next. */
function readLastEventId(request: Request): number | undefined {
  const text = request.headers.get('last-event-id') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
