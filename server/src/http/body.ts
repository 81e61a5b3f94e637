import { limit } from '../../../src/protocol/index.ts';
import { HttpProblem, invalidRequest } from './http-problem.ts';

/**
 * A request's JSON body, at most 256 KiB. The size is checked before anything is parsed: by what the request declares,
 * and by counting what really arrives.
 *
 * @throws HttpProblem `too_large`, or `invalid_request` for what is not JSON in UTF-8.
 */
export async function readJson(request: Request): Promise<unknown> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > limit.maxBodyBytes) throw tooLarge();
  const text = await readText(request);
  try {
    return JSON.parse(text);
  } catch {
    // What JSON.parse says quotes the body, and the body may hold a token.
    throw invalidRequest('', 'the body is not JSON');
  }
}

async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > limit.maxBodyBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof HttpProblem ? error : invalidRequest('', 'the body could not be read');
  }
  try {
    return decoder.decode(Buffer.concat(chunks, size));
  } catch {
    throw invalidRequest('', 'the body is not UTF-8');
  }
}

function tooLarge(): HttpProblem {
  return new HttpProblem('too_large', { detail: `A body is at most ${limit.maxBodyBytes} bytes.` });
}
