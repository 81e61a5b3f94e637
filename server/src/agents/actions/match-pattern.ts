import { types } from 'node:util';
import vm from 'node:vm';

/** What an expression of people's own making may take; most take less than one. */
const timeoutMs = 100;

const place = vm.createContext({ pattern: '', flags: '', text: '' });
const script = new vm.Script('new RegExp(pattern, flags).exec(text)?.[0]');

/**
 * The first match of an expression that whoever configures an agent wrote, in what a visitor or a model did: undefined where
 * there is none, or none within 100 ms. An expression such as `(a+)+$` would otherwise keep the whole server busy for as long as
 * a visitor likes: only this can interrupt one that is being matched.
 */
export function matchPattern(pattern: string, flags: string, text: string): string | undefined {
  Object.assign(place, { pattern, flags, text });
  try {
    const found: unknown = script.runInContext(place, { timeout: timeoutMs });
    return typeof found === 'string' ? found : undefined;
  } catch (error) {
    // It may be an error of the other realm.
    const isLate = types.isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    if (isLate) return undefined;
    throw error;
  }
}
