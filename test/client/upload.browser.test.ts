import { expect } from '@open-wc/testing';
import { browserEnvironment } from '../../src/client/index.ts';
import { uploadByXhr, type Upload } from '../../src/client/upload.ts';
import { answerHost, networkError, useBackend } from '../shell/support/backend.ts';

useBackend();

const path = '/attachments';
const start = (changes: Partial<Upload> = {}) =>
  uploadByXhr(browserEnvironment(), {
    url: `${location.origin}${path}`,
    headers: { 'X-Chat-Session': 's', 'Content-Type': 'text/plain' },
    body: new Blob(['x'.repeat(200_000)]),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...changes,
  });

async function reasonOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.fail('it was not refused'),
    (error: Error) => error,
  );
}

describe('an upload', () => {
  it('gives back what the server answered', async () => {
    answerHost(path, () => Response.json({ id: 'a1' }, { status: 201 }));
    const response = await start();
    expect(response.status).to.equal(201);
    expect(await response.json()).to.deep.equal({ id: 'a1' });
  });

  it('gives back a refusal with the headers that matter', async () => {
    const headers = { 'Retry-After': '7', 'X-Chat-Identity-Reason': 'expired' };
    answerHost(path, () => Response.json({ code: 'rate_limited' }, { status: 429, headers }));
    const response = await start();
    expect([response.status, response.headers.get('retry-after')]).to.deep.equal([429, '7']);
    expect(response.headers.get('x-chat-identity-reason')).to.equal('expired');
  });

  it('fails as fetch does where there is no answer', async () => {
    answerHost(path, networkError);
    expect(await reasonOf(start())).to.be.instanceOf(TypeError);
  });

  it('ends with the reason of its signal, before it has begun too', async () => {
    const [early, late] = [new AbortController(), new AbortController()];
    early.abort(new Error('early'));
    expect((await reasonOf(start({ signal: early.signal }))).message).to.equal('early');
    answerHost(path, () => Response.json({}));
    const running = reasonOf(start({ signal: late.signal }));
    late.abort(new Error('late'));
    expect((await running).message).to.equal('late');
  });

  it('is given up where it gets no further for a minute', async () => {
    const timers: (() => void)[] = [];
    const environment = {
      ...browserEnvironment(),
      after(delayMs: number, callback: () => void) {
        expect(delayMs).to.equal(60_000);
        timers.push(callback);
        return () => undefined;
      },
    };
    const stalled = uploadByXhr(environment, {
      url: `${location.origin}${path}`,
      headers: {},
      body: new Blob(['x']),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    timers[0]?.();
    expect(await reasonOf(stalled)).to.be.instanceOf(TypeError);
  });
});
