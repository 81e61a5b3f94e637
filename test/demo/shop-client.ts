import { createShop, type ShopOptions } from '../../demo/server/shop.ts';
import { demoUsers } from '../../demo/server/users.ts';

export const origin = 'http://shop.example.com';
export const secret = 'a key of the demo that is long enough for HS256';
export const [ada, grace] = demoUsers as [(typeof demoUsers)[0], (typeof demoUsers)[0]];

type RequestOptions = {
  readonly method?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

function normalize(html: string): string {
  return html.replaceAll(/\s+/g, ' ').replaceAll(/ (?=\/?>)/g, '');
}

/** A browser as far as the shop can tell: keeps the session cookie and names its origin when it changes something. */
export function createShopClient(options: Partial<ShopOptions> = {}) {
  const shop = createShop({ chatUrl: 'https://chat.example.com', secret, ...options });
  let cookie: string | undefined;

  async function request(path: string, { method, form, json, headers = {} }: RequestOptions = {}): Promise<Response> {
    const sent = new Headers({ host: new URL(origin).host });
    const body =
      form === undefined ? (json === undefined ? undefined : JSON.stringify(json)) : new URLSearchParams(form);
    if (json !== undefined) sent.set('content-type', 'application/json');
    const verb = method ?? (body === undefined ? 'GET' : 'POST');
    if (verb !== 'GET') sent.set('origin', origin);
    if (cookie !== undefined) sent.set('cookie', cookie);
    for (const [name, value] of Object.entries(headers)) sent.set(name, value);
    const response = await shop.fetch(new Request(origin + path, { method: verb, headers: sent, body: body ?? null }));
    for (const line of response.headers.getSetCookie()) {
      const pair = line.split(';')[0] ?? '';
      cookie = pair.endsWith('=') ? undefined : pair;
    }
    return response;
  }

  return {
    request,
    get cookie() {
      return cookie;
    },
    set cookie(value: string | undefined) {
      cookie = value;
    },
    signIn: (user: { email: string; password: string }) =>
      request('/login', { form: { email: user.email, password: user.password, next: '/account' } }),
    /** A page's HTML with white space collapsed, whose amount means nothing here. */
    page: async (path: string): Promise<string> => normalize(await (await request(path)).text()),
  };
}
