import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en, loadStrings } from '../../src/strings/index.ts';

async function load(overrides: unknown, locale = 'en') {
  const warnings: string[] = [];
  const { strings } = await loadStrings(locale, overrides, (text) => warnings.push(text));
  return { strings, warnings };
}

describe('texts of the page', () => {
  it('take the place of the language’s own, and leave the others', async () => {
    const { strings, warnings } = await load({ send: 'Abschicken', failures: { network: 'Kein Netz.' } }, 'de');
    assert.equal(strings?.send, 'Abschicken');
    assert.equal(strings?.failures.network, 'Kein Netz.');
    assert.equal(strings?.stop, 'Antwort anhalten');
    assert.equal(strings?.failures.too_large, 'Diese Nachricht ist zu lang. Bitte kürzen Sie sie.');
    assert.deepEqual(warnings, []);
  });

  it('take the place of English', async () => {
    const { strings } = await load({ greeting: 'Ahoy!', unread: (count: number) => `${count} aboard` });
    assert.equal(strings?.greeting, 'Ahoy!');
    assert.equal(strings?.unread(3), '3 aboard');
    assert.equal(strings?.send, en.send);
  });

  it('that are unknown or of another kind are left out, with one warning for all of them', async () => {
    const wrong = {
      send: 5,
      unread: 'unread',
      stop: () => 'Stop',
      sned: 'Go',
      failures: { network: null, nothing: '' },
    };
    const { strings, warnings } = await load({ ...wrong, close: 'Away' });
    assert.equal(strings?.send, en.send);
    assert.equal(strings?.unread(2), en.unread(2));
    assert.equal(strings?.stop, en.stop);
    assert.deepEqual(strings?.failures, en.failures);
    assert.equal(strings?.close, 'Away');
    assert.equal(Object.hasOwn(strings ?? {}, 'sned'), false);
    assert.equal(warnings.length, 1);
    for (const name of ['send', 'unread', 'stop', 'sned', 'failures.network', 'failures.nothing']) {
      assert.match(warnings[0] ?? '', new RegExp(`strings\\.${name.replace('.', '\\.')}\\b`));
    }
  });

  it('a greeting of the page comes before the agent’s; the language’s own does not', async () => {
    const own = await load({ greeting: 'Ahoy!' });
    assert.equal(own.strings?.pageGreeting, 'Ahoy!');
    const other = await load({ placeholder: 'Ask' }, 'de');
    assert.ok(other.strings !== undefined && !('pageGreeting' in other.strings));
  });

  for (const overrides of ['Send', 7, () => 'Send', true]) {
    it(`that are no object (${typeof overrides}) are not used, with a warning`, async () => {
      const { strings, warnings } = await load(overrides);
      assert.deepEqual(strings, en);
      assert.equal(warnings.length, 1);
    });
  }

  it('cannot reach what every object has', async () => {
    const { strings, warnings } = await load(JSON.parse('{"__proto__": {"send": "evil"}, "constructor": "evil"}'));
    assert.equal(strings?.send, en.send);
    assert.equal(Object.getPrototypeOf(strings), Object.prototype);
    assert.equal(({} as { send?: string }).send, undefined);
    assert.equal(warnings.length, 1);
  });

  it('that throw, or answer no text, leave their place to the language', async () => {
    const fails = (): string => {
      throw new Error('on purpose');
    };
    const { strings } = await load({ unread: fails, writing: () => 5, typing: () => undefined }, 'de');
    assert.equal(strings?.unread(2), '2 ungelesene Nachrichten');
    assert.equal(strings?.writing('Ada'), 'Ada schreibt…');
    assert.equal(strings?.typing('Ada'), 'Ada tippt…');
  });

  it('that are undefined or null are none', async () => {
    assert.deepEqual(await load(undefined), { strings: undefined, warnings: [] });
    assert.deepEqual(await load(null), { strings: undefined, warnings: [] });
    const { strings, warnings } = await load({ send: undefined });
    assert.equal(strings?.send, en.send);
    assert.deepEqual(warnings, []);
  });
});
