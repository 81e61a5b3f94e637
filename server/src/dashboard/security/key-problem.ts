import { KeyRingError, SigningKeyError } from '../../identity/index.ts';
import { DashboardProblem, invalidField } from '../problem.ts';

/** What was refused, beside the field that has to change. `material`: the field that holds the key itself. */
export function keyProblem(error: unknown, material: 'secret' | 'publicKey' | 'name'): unknown {
  if (error instanceof SigningKeyError) {
    return invalidField(error.code === 'invalid_key_id' ? 'id' : material, error.message);
  }
  if (!(error instanceof KeyRingError)) return error;
  const { code, message: detail } = error;
  switch (code) {
    case 'key_not_found':
      return new DashboardProblem('not_found', { detail: 'There is no such key.' });
    case 'keys_are_configured':
    case 'too_many_keys':
    case 'not_revealable':
      return new DashboardProblem('conflict', { detail });
    case 'algorithm_not_allowed':
      return invalidField('algorithm', detail);
    case 'key_exists':
      return invalidField('id', detail);
    case 'same_key':
      return invalidField(material, detail);
    case 'invalid_name':
      return invalidField('name', detail);
  }
}
