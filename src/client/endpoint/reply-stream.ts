import { endOfStream, type StreamPart } from '../../protocol/index.ts';
import type { Environment } from '../environment.ts';
import { readEvents } from '../exchange.ts';
import { toJson } from '../to-json.ts';
import type { Reader } from './adapter.ts';

/** A backend may think for this long without a word. Ours says that it is alive meanwhile; others need not. */
const maxSilenceMs = 5 * 60_000;
const keepAliveMs = 15_000;

/** The parts of an answer. Ends with its last one; throws where the answer was cut off before. */
export async function* readParts(
  response: Response,
  read: Reader,
  environment: Environment,
): AsyncGenerator<StreamPart, void> {
  let isWhole = false;
  for await (const data of dataOf(response, environment)) {
    for (const part of read(data)) {
      isWhole ||= part.type === 'finish' || part.type === 'error' || part.type === 'abort';
      yield part;
    }
  }
  if (!isWhole) throw new Error('cut off');
}

async function* dataOf(response: Response, environment: Environment): AsyncGenerator<string, void> {
  const isStream = !/json/.test(response.headers.get('Content-Type') ?? '');
  // A backend that does not stream answers all at once.
  if (!isStream) yield* [await response.text(), endOfStream];
  else for await (const { data } of readEvents(response, environment, maxSilenceMs)) yield data;
}

/**
 * As our server would send it, with a comment from time to time.
 *
 * @param hangUp called when nobody reads on
 */
export function toResponse(parts: AsyncIterator<StreamPart>, environment: Environment, hangUp: () => void): Response {
  const encoder = new TextEncoder();
  let stopTicking = () => {};
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const tick = () => {
        stopTicking = environment.after(keepAliveMs, () => {
          send(':\n\n');
          tick();
        });
      };
      tick();
      try {
        const { done, value } = await parts.next();
        stopTicking();
        send(`data: ${done ? endOfStream : toJson(value)}\n\n`);
        if (done) controller.close();
      } catch (error) {
        stopTicking();
        controller.error(error);
      }
    },
    cancel() {
      stopTicking();
      hangUp();
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
}
