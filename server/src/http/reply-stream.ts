import { endOfStream } from '../../../src/protocol/index.ts';
import { encodeFrameId, type ReplyHandle } from '../conversations/index.ts';
import type { AgentCall } from './call.ts';
import type { LiveStream } from './live-streams.ts';
import { describeError } from './request-log.ts';
import { sseBody, type SseFrame } from './sse.ts';
import type { StreamPlace } from './stream-places.ts';
import { lifelineOf, type Visitor } from './visitor.ts';

/** What the AI SDK's clients and proxies look for. */
const replyHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  'x-vercel-ai-ui-message-stream': 'v1',
  'x-accel-buffering': 'no',
};

/** A reply as an AI SDK UI message stream, from the frame after `afterN` on. A reader who leaves stops nothing. */
export async function openReplyStream(
  call: AgentCall,
  visitor: Visitor,
  place: StreamPlace,
  reply: ReplyHandle,
  afterN: number,
): Promise<Response> {
  const { services } = call;
  const stream = await services.streams.open(lifelineOf(call, visitor, 'reply'));
  const body = sseBody({
    frames: replyFrames(reply, afterN, stream),
    keepAliveMs: services.keepAliveMs,
    onEnd: ({ failure }) => {
      stream.close();
      place.release();
      if (failure !== undefined)
        services.log.error({ requestId: call.record.requestId, error: describeError(failure) }, 'reply cut');
    },
  });
  return new Response(body, { headers: replyHeaders });
}

async function* replyFrames(reply: ReplyHandle, afterN: number, stream: LiveStream): AsyncGenerator<SseFrame> {
  for await (const { n, part } of reply.frames(afterN, stream.signal)) {
    yield { id: encodeFrameId(reply.messageId, n), data: JSON.stringify(part) };
  }
  // Without it a reader knows that the reply was not at its end.
  if (!stream.signal.aborted) yield { data: endOfStream };
}
