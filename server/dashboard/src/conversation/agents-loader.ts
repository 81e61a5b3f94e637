import type { ReactiveControllerHost } from 'lit';
import { api, Loader } from '../api/index.ts';

type Agent = { readonly id: string; readonly name: string };

/** The agents that there are to choose from. Where they cannot be loaded, there is no choice. */
export const agentsLoader = (host: ReactiveControllerHost): Loader<{ readonly agents: readonly Agent[] }> =>
  new Loader(host, (signal) => api.get<{ readonly agents: readonly Agent[] }>('agents', { signal }));

export const agentOptions = (agents: readonly Agent[] | undefined): readonly (readonly [string, string])[] => [
  ['', 'All agents'],
  ...(agents ?? []).map(({ id, name }) => [id, name] as const),
];
