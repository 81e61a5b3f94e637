import { readJwks, type JwksKey } from './read-jwks.ts';

const maxBytes = 256 * 1024;
const timeoutMs = 5_000;

/** Why a JWKS could not be had; for the log. */
class JwksError extends Error {}

/**
 * Fetches a JWK Set: at most 256 KiB within 5 seconds, from this very address.
 *
 * @throws JwksError that says what was in the way
 */
export async function fetchJwks(url: string, fetcher: typeof fetch): Promise<readonly JwksKey[]> {
  const signal = AbortSignal.timeout(timeoutMs);
  // Whoever the host forwards to has not been named by the operator.
  const request = {
    redirect: 'error',
    signal,
    headers: { accept: 'application/jwk-set+json, application/json' },
  } as const;
  try {
    const response = await fetcher(url, request);
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new JwksError(`it answered ${response.status}`);
    }
    const keys = await readJwks(parse(await readBytes(response)));
    if (keys === undefined) throw new JwksError('its answer is no JWK Set');
    return keys;
  } catch (error) {
    if (error instanceof JwksError) throw error;
    throw new JwksError(
      signal.aborted ? `it did not answer within ${timeoutMs} ms` : 'it cannot be reached, or redirects',
    );
  }
}

async function readBytes({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new JwksError(`its answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw new JwksError('its answer is no JSON');
  }
}
