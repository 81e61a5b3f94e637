// What these pages need of the shop that they belong to (demo/server/api-routes.ts).

export type User = { readonly id: string; readonly name: string };
export type ChatSettings = { readonly server: string; readonly agentId: string };

/** The demo's passwords are public: they stand on its login page. */
const accounts = {
  ada: { email: 'ada@fernhill.shop', password: 'moss-and-fern' },
  grace: { email: 'grace@fernhill.shop', password: 'pots-and-soil' },
} as const;

export type Account = keyof typeof accounts;

async function call<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(`/api/${path}`, init);
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** Where the chat server is, and which agent answers. */
export const readSettings = (): Promise<ChatSettings> => call('chat');

export async function signIn(account: Account): Promise<User> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(accounts[account]);
  return (await call<{ user: User }>('session', { method: 'POST', headers, body })).user;
}

export const signOut = (): Promise<void> => call('session', { method: 'DELETE' });

/** The token that the shop's backend signs for whoever is signed in. The widget asks for it whenever it needs one. */
export async function fetchToken(): Promise<string> {
  return (await call<{ token: string }>('chat-token', { method: 'POST' })).token;
}
