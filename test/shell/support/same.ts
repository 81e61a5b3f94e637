import { assert } from '@open-wc/testing';

/** Compares by identity. Between elements a failing `expect(…).to.equal(…)` never comes to an end: it compares all that is in them. */
export function expectSame(actual: unknown, expected: unknown): void {
  assert(actual === expected, `${nameOf(actual)} is ${nameOf(expected)}`);
}

const nameOf = (value: unknown): string => (value instanceof Element ? `<${value.localName}>` : String(value));
