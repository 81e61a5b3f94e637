/** Thrown when the shop refuses. `code` is the shop's word for it, or `network`. */
export class ApiError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }
}

async function call(method, path, body) {
  const request = { method };
  if (body !== undefined) {
    request.headers = { 'content-type': 'application/json' };
    request.body = JSON.stringify(body);
  }
  const response = await fetch(path, request).catch(() => {
    throw new ApiError('network', 'The shop cannot be reached. Please try again.');
  });
  const answer = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (response.ok) return answer;
  throw new ApiError(answer?.error ?? 'unknown', answer?.detail ?? 'Something broke. Please try again.');
}

export const api = {
  plants: async () => (await call('GET', '/api/plants')).plants,
  orders: async () => (await call('GET', '/api/orders')).orders,
  user: async () => (await call('GET', '/api/session')).user,
  signIn: async (email, password) => (await call('POST', '/api/session', { email, password })).user,
  signOut: () => call('DELETE', '/api/session'),
  chatToken: async () => (await call('POST', '/api/chat-token')).token,
};
