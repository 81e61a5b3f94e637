import type { TestContext } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import { startAiSdk, type AiSdkOptions } from '../../../server/test/other-backends/ai-sdk.ts';
import { startOpenAi } from '../../../server/test/other-backends/open-ai.ts';
import type { OtherBackend } from '../../../server/test/other-backends/serve.ts';
import { startAgUi } from './ag-ui-server.ts';
import { createWorld, type Tab, type World } from './world.ts';

export const secret = 'a secret of the host that is long enough';

export const sign = (sub: string): string =>
  jsonwebtoken.sign({ sub }, secret, { expiresIn: '1h', jwtid: crypto.randomUUID() });

export function lastBody(requests: OtherBackend['requests']): unknown {
  const last = requests.at(-1);
  if (last === undefined) throw new Error('nobody has asked');
  return last.body;
}

export const starters: { readonly [type in OtherBackend['type']]: (secret: string) => Promise<OtherBackend> } = {
  'ai-sdk': startAiSdk,
  openai: startOpenAi,
  'ag-ui': startAgUi,
};

export type Setting = {
  readonly backend: OtherBackend;
  readonly world: World;
  readonly open: (options?: Parameters<World['open']>[0]) => Tab;
  readonly tab: Tab;
  /** Asks, and has it answered. */
  readonly ask: (question: string, answer: string, tab?: Tab) => Promise<void>;
};

/** A client in a world of its own, against a real server that is not ours. */
export async function setUpEndpoint(
  test: TestContext,
  type: OtherBackend['type'],
  options?: AiSdkOptions,
): Promise<Setting> {
  const backend = await (options === undefined ? starters[type](secret) : startAiSdk(secret, options));
  const world = createWorld((request) => fetch(request));
  const open: Setting['open'] = (more) =>
    world.open({ ...more, backend: { endpoint: backend.url, endpointType: type, agentName: 'Fern', greeting: 'Hi!' } });
  const tab = open();
  test.after(async () => {
    tab.client.close();
    await backend.close();
  });
  const ask: Setting['ask'] = async (question, answer, { client, until } = tab) => {
    const before = client.snapshot.messages.length;
    const sent = client.send(question);
    const pen = await backend.next();
    pen.say(answer);
    pen.finish();
    await sent;
    await until(({ reply, messages }) => reply === 'idle' && messages.length === before + 2);
  };
  return { backend, world, open, tab, ask };
}
