import type {
  KeyList,
  ListedKey,
  Origins,
  PolicyAnswer,
  PolicyChange,
  Refusals,
  Setting,
  SettingName,
} from '../../../server/dashboard/src/security/types.ts';
import { until } from '../../shell/support/until.ts';
import { routes } from '../../../server/dashboard/src/routes.ts';
import { ada, answer, calls, isShown, json, openDashboard } from './dashboard.ts';
import { placeRoutes } from './pages.ts';

export const time = '2026-11-20T10:00:00.000Z';
export const secret = '0123456789abcdef'.repeat(4);

export const key = (changes: Partial<ListedKey>): ListedKey => ({
  id: 'key-1',
  name: 'Backend',
  algorithm: 'HS256',
  source: 'stored',
  standing: 'accepted',
  preview: '••••cdef',
  createdAt: time,
  retiredAt: null,
  lastUsedDay: time,
  isRevealable: false,
  ...changes,
});

export const keyList = (keys: readonly ListedKey[], changes: Partial<KeyList> = {}): KeyList => ({
  keys,
  problem: null,
  mayStore: true,
  policy: { maxActiveKeys: 3, algorithms: ['HS256'], revealableKeys: false, jwksUrl: null },
  ...changes,
});

const values: Readonly<Record<SettingName, unknown>> = {
  access: 'open',
  onInvalidToken: 'block',
  identityClaim: 'sub',
  expiry: 'required',
  maxLifetimeSeconds: 86_400,
  clockToleranceSeconds: 60,
  algorithms: ['HS256'],
  jwksUrl: null,
  audience: null,
  issuer: null,
  maxActiveKeys: 3,
  revealableKeys: false,
  claimsToAgent: 'basic',
  claimAnonymousConversations: true,
};
export const settings: readonly Setting[] = (Object.keys(values) as SettingName[]).map((name) => ({
  name,
  value: values[name],
  origin: name === 'access' ? 'configuration' : name === 'expiry' ? 'stored' : 'default',
  effect: `What ${name} does.`,
}));
const policy: PolicyAnswer = {
  preset: 'hilal',
  settings,
  presets: ['applied', 'hilal'].map((name) => ({ name, effect: `What ${name} is.` })),
  revision: 'r1',
};
export const preview: PolicyChange = {
  ...policy,
  changed: [{ name: 'maxActiveKeys', before: 'Three count.', after: 'One counts.' }],
  consequences: [{ kind: 'danger', text: 'No longer accepted: “Old”.' }],
};
export const origins: Origins = {
  allowedOrigins: ['https://shop.example'],
  source: 'stored',
  inFile: ['https://file.example'],
  ownOrigin: 'https://chat.example',
  revision: 'o1',
};
const noRefusals: Refusals = { from: time, to: time, bucketSeconds: 3_600, total: 0, reasons: [] };
const hours = (last: number): number[] => [...Array.from({ length: 23 }, () => 0), last];
export const refusals: Refusals = {
  from: '2026-11-19T10:00:00.000Z',
  to: time,
  bucketSeconds: 3_600,
  total: 1_250,
  reasons: [
    { reason: 'expired', count: 1_248, counts: hours(1_248) },
    { reason: 'of_the_future', count: 2, counts: hours(2) },
  ],
};

type Answers = {
  readonly keys?: KeyList;
  readonly refusals?: Refusals;
  readonly role?: 'admin' | 'operator';
  readonly theme?: 'light' | 'dark';
  readonly query?: string;
};

/** Opens the page of the agent `shop` with an API that has answers for all sections. */
export async function openPage(options: Answers = {}): Promise<HTMLElement> {
  const { keys = keyList([key({})]), role = 'admin', theme = 'light', query = '' } = options;
  answer('get', 'agents', () => json({ agents: [{ id: 'shop', name: 'Shop help', isInFile: true }] }));
  answer('get', 'agents/shop/keys', () => json(keys));
  answer('get', 'agents/shop/policy', () => json(policy));
  answer('get', 'agents/shop/origins', () => json(origins));
  answer('get', 'agents/shop/refusals', () => json(options.refusals ?? noRefusals));
  const app = await openDashboard(`/dashboard/agents/shop/security${query}`, {
    routes: [...routes, ...placeRoutes],
    operator: { ...ada, role },
    theme,
  });
  await isShown('Shop help');
  await isShown('What access does.');
  await isShown('https://');
  if (role === 'admin') await until(() => !document.querySelector('.skeleton'), 'all sections');
  // What a page asks for last would otherwise be asked for in the next test.
  await until(() => calls.some(({ path }) => path === 'agents/shop/refusals'), 'the counts');
  return app;
}

export const sent = (method: string, path: string): unknown =>
  calls.findLast((call) => call.method === method && call.path === path)?.body;
export const everything = (): string => {
  const fields = [...document.querySelectorAll('input, textarea')] as HTMLInputElement[];
  return document.documentElement.outerHTML + fields.map(({ value }) => value).join();
};

/** Picks the radio button with this label. */
export function choose(label: string): void {
  const found = [...document.querySelectorAll('label')].find(({ textContent }) => textContent.trim() === label);
  found?.querySelector('input')?.click();
}
