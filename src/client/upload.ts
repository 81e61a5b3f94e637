import { header } from '../protocol/index.ts';
import type { Environment } from './environment.ts';

export type Upload = {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: Blob;
  readonly signal: AbortSignal;
  /** How much has been sent, from 0 to 1. */
  readonly onProgress: (fraction: number) => void;
};

/** An upload that has got no further for this long has lost its other end. */
const stallTimeoutMs = 60_000;

/**
 * Sends a file by `XMLHttpRequest`: `fetch` says nothing of how far it has got. Resolves with whatever the server answers.
 *
 * @throws as `fetch` does: a TypeError where there was no answer, or the signal's reason
 */
export function uploadByXhr(environment: Environment, { url, headers, body, signal, onProgress }: Upload) {
  return new Promise<Response>((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    let cancelStall = () => {};
    const watch = () => {
      cancelStall();
      cancelStall = environment.after(stallTimeoutMs, () => xhr.abort());
    };
    const abort = () => xhr.abort();
    const end = (settle: () => void) => {
      cancelStall();
      signal.removeEventListener('abort', abort);
      settle();
    };
    xhr.upload.onprogress = ({ loaded, total }) => {
      watch();
      onProgress(total > 0 ? loaded / total : 1);
    };
    xhr.onload = () => end(() => resolve(responseOf(xhr)));
    xhr.onerror = xhr.onabort = () =>
      end(() => reject(signal.aborted ? (signal.reason as Error) : new TypeError('Failed to send')));
    xhr.open('POST', url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    if (signal.aborted) return reject(signal.reason as Error);
    signal.addEventListener('abort', abort);
    watch();
    xhr.send(body);
  });
}

function responseOf(xhr: XMLHttpRequest): Response {
  const headers = ['Retry-After', header.identityReason].flatMap((name): [string, string][] => {
    const value = xhr.getResponseHeader(name);
    return value === null ? [] : [[name, value]];
  });
  const hasBody = xhr.responseText !== '';
  return new Response(hasBody ? xhr.responseText : null, {
    status: xhr.status,
    headers,
  });
}
