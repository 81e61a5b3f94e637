import type { Answer } from './model-server.ts';

/** What the model says of its agent. */
export const agentInfo = (anonymousFallback: boolean) => ({
  id: 'shop',
  name: 'Shop',
  greeting: '',
  suggestions: [],
  appearance: {},
  access: 'open',
  limits: { maxMessageCharacters: 8000 },
  features: { anonymousFallback },
});

export function problem(status: number, code: string, extra: object = {}): Answer {
  return { status, json: { type: 'about:blank', title: code, status, code, ...extra } };
}
