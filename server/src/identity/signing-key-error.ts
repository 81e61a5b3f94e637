/** A key that cannot be used. The message never holds the secret. */
export class SigningKeyError extends TypeError {
  readonly code:
    | 'invalid_key_id'
    | 'duplicate_key_id'
    | 'too_many_keys'
    | 'secret_too_short'
    | 'secret_has_white_space'
    | 'not_a_shared_secret'
    | 'private_key'
    | 'unfit_public_key';

  constructor(code: SigningKeyError['code'], message: string) {
    super(message);
    this.name = 'SigningKeyError';
    this.code = code;
  }
}
