import { expect } from '@open-wc/testing';
import { watch } from './support/flicker.ts';
import { loadReplies } from './support/replies.ts';
import { loadSpecExamples } from './support/spec-examples.ts';

/** Only its delimiter row makes this one's first line more than text; with a pipe in front the line waits for it. */
const tableWithoutPipeInFront = 'table without outer pipes';
/** Longer than any address in the replies. */
const mostWithheldCharacters = 100;

describe('an answer that streams character by character', () => {
  it('never shows syntax as text that is gone later, in thirty answers as models write them', async () => {
    const replies = await loadReplies();
    expect(replies.size).to.be.at.least(30);
    for (const [name, text] of replies) {
      const { flickers } = watch(text);
      expect(
        flickers.filter(({ kind }) => kind === 'text'),
        name,
      ).to.deep.equal([]);
    }
  }).timeout(30_000);

  it('never turns a block into one of another kind, but for a table without a pipe in front', async () => {
    for (const [name, text] of await loadReplies()) {
      if (name === tableWithoutPipeInFront) continue;
      expect(watch(text).flickers, name).to.deep.equal([]);
    }
  }).timeout(30_000);

  it('keeps back no more than the address of a link or the head of a table', async () => {
    for (const [name, text] of await loadReplies()) {
      expect(watch(text).mostWithheld, name).to.be.at.most(mostWithheldCharacters);
    }
  }).timeout(30_000);

  it('flickers only in what is made to be hard: most examples of CommonMark do not', async () => {
    const examples = await loadSpecExamples();
    const flickering = examples.filter(({ markdown }) => watch(markdown).flickers.some(({ kind }) => kind === 'text'));
    expect(flickering.length).to.equal(142);
  }).timeout(60_000);
});
