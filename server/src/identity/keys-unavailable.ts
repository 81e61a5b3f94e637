/**
 * The keys that a token has to be judged by cannot be had: their master key is missing or another one, or the host's JWKS has
 * not answered yet. Nothing can be said of the token then. The message is for the operator and holds no secret.
 */
export class KeysUnavailableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KeysUnavailableError';
  }
}
