import { APICallError, RetryError } from 'ai';

/**
 * Why a model gave no whole answer.
 *
 * - `model_unauthorized`: 401 or 403, the key is wrong or may not use this model.
 * - `model_rate_limited`: 429.
 * - `model_unavailable`: any other error status, or no connection at all.
 * - `model_cut`: the answer broke off, or what came was not the protocol.
 * - `model_timeout`: no first piece, or no next piece, in time.
 * - `model_empty`: a finished answer without any text.
 */
export type ModelErrorCode =
  | 'model_unauthorized'
  | 'model_rate_limited'
  | 'model_unavailable'
  | 'model_cut'
  | 'model_timeout'
  | 'model_empty';

const messages: { readonly [code in ModelErrorCode]: string } = {
  model_unauthorized: 'The model refused the key.',
  model_rate_limited: 'The model asks for fewer requests.',
  model_unavailable: 'The model cannot be reached or failed.',
  model_cut: "The model's answer broke off.",
  model_timeout: 'The model did not answer in time.',
  model_empty: 'The model answered with nothing.',
};

/**
 * A failure of the model, safe to be logged: neither the request (which holds the key and the visitor's words) nor the
 * response's body nor an underlying error hangs on it.
 */
export class ModelError extends Error {
  readonly code: ModelErrorCode;
  /** HTTP status, where the model's server answered with one. */
  readonly status: number | undefined;

  constructor(code: ModelErrorCode, status?: number) {
    super(status === undefined ? messages[code] : `${messages[code]} (status ${status})`);
    this.name = 'ModelError';
    this.code = code;
    this.status = status;
  }
}

/** Translates whatever the AI SDK threw or reported. */
export function toModelError(error: unknown): ModelError {
  if (error instanceof ModelError) return error;
  if (RetryError.isInstance(error)) return toModelError(error.lastError);
  if (!APICallError.isInstance(error)) return new ModelError('model_cut');
  const { statusCode } = error;
  if (statusCode === undefined) return new ModelError('model_unavailable');
  if (statusCode < 400) return new ModelError('model_cut', statusCode);
  if (statusCode === 401 || statusCode === 403) return new ModelError('model_unauthorized', statusCode);
  return new ModelError(statusCode === 429 ? 'model_rate_limited' : 'model_unavailable', statusCode);
}
