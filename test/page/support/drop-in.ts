import { expect } from '@open-wc/testing';
import type { ChatApi, ChatWidgetElement } from '../../../src/page/index.ts';
import { backend, bearerOf } from '../../shell/support/backend.ts';
import { token } from '../../shell/support/token.ts';
import { until } from '../../shell/support/until.ts';
import { scriptAddress, type HostPage } from './host-page.ts';

export const ada = token({ sub: 'ada', name: 'Ada' });
export const grace = token({ sub: 'grace', name: 'Grace' });
export const forged = token({ sub: 'ada' }, 'bad');

export const script = (attributes = '') => `<script src="${scriptAddress()}" ${attributes}></script>`;
export const chatOf = (page: HostPage, name = 'chat') => page.window[name] as ChatApi;
export const widgetOf = (page: HostPage) => page.widgets[0] as ChatWidgetElement;
export const attributesOf = (page: HostPage) => widgetOf(page).getAttributeNames().toSorted();

export const isKnown = (page: HostPage, subject: string) =>
  until(() => {
    const identity = (page.window['chat'] as ChatApi | undefined)?.state?.identity;
    return identity?.state === 'verified' && identity.subject === subject;
  }, `${subject}, verified`);

let count = 0;
/** An agent that no other test has: these snippets name no server, and the script’s own origin is that of all tests. */
export const newAgent = (): string => `bot_${++count}`;

/** The tokens that were brought before an agent, in order. */
export const identities = (agent: string) => tokensOf('/identity', agent);
export const logouts = (agent: string) => tokensOf('/logout', agent);

const tokensOf = (path: string, agent: string) =>
  backend
    .calls(path)
    .filter((request) => request.agent === agent)
    .map(bearerOf);

export function expectQuiet({ warnings, errors, rejections }: HostPage): void {
  void expect({ warnings, errors, rejections }).to.deep.equal({ warnings: [], errors: [], rejections: [] });
}
