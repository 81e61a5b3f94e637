import { expect } from '@open-wc/testing';
import { isReady, readDraft } from '../../server/dashboard/src/preview/draft.ts';

const draft = {
  type: 'chat-preview-draft',
  agentId: 'shop',
  name: 'Shop',
  greeting: 'Hello!',
  suggestions: ['One?'],
  appearance: { accent: '#123456' },
};

describe('messages between an agent’s page and its preview', () => {
  it('are taken as what they are', () => {
    expect(readDraft(draft)).to.equal(draft);
    expect(isReady({ type: 'chat-preview-ready' })).to.equal(true);
  });

  const others: readonly unknown[] = [
    null,
    'chat-preview-draft',
    {},
    { ...draft, type: 'chat-preview' },
    { ...draft, agentId: 7 },
    { ...draft, greeting: undefined },
    { ...draft, suggestions: 'One?' },
    { ...draft, suggestions: [1] },
    { ...draft, appearance: null },
    { ...draft, appearance: { accent: { toString: () => 'red' } } },
  ];
  for (const other of others) {
    it(`are passed over where they are ${JSON.stringify(other)}`, () => {
      expect(readDraft(other)).to.equal(undefined);
      expect(isReady(other)).to.equal(false);
    });
  }
});
