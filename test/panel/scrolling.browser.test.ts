import { expect } from '@open-wc/testing';
import type { ViewMessage } from '../../src/client/index.ts';
import { en } from '../../src/strings/index.ts';
import { emptySnapshot, reply, userMessage } from './support/fake-client.ts';
import { drawn, mount, type Mounted } from './support/mount.ts';

const many = (count: number, prefix = 'm'): ViewMessage[] =>
  Array.from({ length: count }, (_, index) =>
    reply(`${prefix}${index}`, `Message ${prefix}${index}.\n\n${'words '.repeat(40)}`),
  );

const distanceToEnd = ({ find }: Mounted) => {
  const { scrollHeight, scrollTop, clientHeight } = find('.scroller');
  return scrollHeight - scrollTop - clientHeight;
};
const topOf = (node: Element) => Math.round(node.getBoundingClientRect().top);

/** As a reader does it: the browser tells about it before the next frame. */
async function scrollTo({ find, panel }: Mounted, top: number): Promise<void> {
  const scroller = find('.scroller');
  scroller.scrollTop = top;
  await new Promise((resolve) => scroller.addEventListener('scroll', resolve, { once: true }));
  await drawn(panel);
}

async function settled({ panel }: Mounted): Promise<void> {
  await drawn(panel);
  await drawn(panel);
}

describe('the reader’s place', () => {
  it('is the newest message when a conversation opens', async () => {
    const mounted = await mount({ messages: many(12) });
    await settled(mounted);
    expect(distanceToEnd(mounted)).to.be.lessThan(2);
  });

  it('stays at the end while an answer grows', async () => {
    const mounted = await mount({
      messages: [...many(8), reply('r', '', { status: 'streaming' })],
      reply: 'streaming',
    });
    for (let index = 0; index < 5; index += 1) {
      mounted.client.delta({ messageId: 'r', partIndex: 0, delta: `${'more words '.repeat(30)}\n\n` });
      await settled(mounted);
      expect(distanceToEnd(mounted)).to.be.lessThan(2);
    }
  });

  it('does not move while an answer grows below', async () => {
    const mounted = await mount({
      messages: [...many(8), reply('r', '', { status: 'streaming' })],
      reply: 'streaming',
    });
    await settled(mounted);
    await scrollTo(mounted, 300);
    mounted.client.delta({ messageId: 'r', partIndex: 0, delta: 'more words '.repeat(300) });
    mounted.client.emit({ connection: 'online' });
    await settled(mounted);
    expect(mounted.find('.scroller').scrollTop).to.equal(300);
  });

  it('does not move when older messages come in above', async () => {
    const mounted = await mount({ messages: many(10), hasOlder: true });
    await settled(mounted);
    await scrollTo(mounted, 500);
    const read = [...mounted.root.querySelectorAll('[data-message]')].find((node) => topOf(node) > 150);
    const top = read === undefined ? NaN : topOf(read);
    mounted.client.emit({ messages: [...many(10, 'old'), ...many(10)], hasOlder: false });
    await settled(mounted);
    expect(read === undefined ? NaN : topOf(read)).to.be.closeTo(top, 1);
  });

  it('asks for older messages when the top is reached, and keeps the place', async () => {
    const mounted = await mount({ messages: many(10), hasOlder: true });
    await settled(mounted);
    await scrollTo(mounted, 400);
    await scrollTo(mounted, 0);
    expect(mounted.client.calls.at(-1)).to.deep.equal(['loadOlder']);
  });

  it('is given back by a button that is there only when it is needed', async () => {
    const mounted = await mount({ messages: many(10) });
    await settled(mounted);
    expect(mounted.button(en.jump).hidden).to.equal(true);
    await scrollTo(mounted, 100);
    expect(mounted.button(en.jump).hidden).to.equal(false);
    mounted.button(en.jump).click();
    await settled(mounted);
    expect(distanceToEnd(mounted)).to.be.lessThan(2);
    expect(mounted.button(en.jump).hidden).to.equal(true);
  });

  it('goes to the end when the visitor sends', async () => {
    const mounted = await mount({ messages: many(10) });
    await settled(mounted);
    await scrollTo(mounted, 100);
    mounted.type('hello');
    mounted.find<HTMLFormElement>('form').requestSubmit();
    mounted.client.emit({
      messages: [...many(10), userMessage('u', 'hello', { delivery: 'pending' })],
      reply: 'waiting',
    });
    await settled(mounted);
    expect(distanceToEnd(mounted)).to.be.lessThan(2);
  });

  it('is kept while the panel is hidden', async () => {
    const mounted = await mount({ messages: many(10) });
    await settled(mounted);
    mounted.panel.hidden = true;
    await settled(mounted);
    mounted.client.emit({ messages: [...many(10), reply('r', 'new')] });
    mounted.panel.hidden = false;
    await settled(mounted);
    expect(distanceToEnd(mounted)).to.be.lessThan(2);
  });

  it('does not move when something above it in the same answer grows', async () => {
    const long = Array.from({ length: 30 }, (_, index) => `Paragraph ${index}. ${'words '.repeat(20)}`).join('\n\n');
    const mounted = await mount({ messages: [userMessage('u', 'a'), reply('r', long)] });
    await settled(mounted);
    await scrollTo(mounted, 900);
    const paragraphs = [...mounted.root.querySelectorAll<HTMLElement>('.text p')];
    const read = paragraphs.find((node) => topOf(node) > 150) as HTMLElement;
    const top = topOf(read);
    // As an image does that is asked for and arrives later.
    const grown = paragraphs[2] as HTMLElement;
    grown.style.blockSize = '300px';
    await settled(mounted);
    expect(topOf(read)).to.be.closeTo(top, 1);
  });

  it('is where something is opened, at the end of the conversation too', async () => {
    const sources = Array.from({ length: 12 }, (_, index) => ({
      type: 'source-url' as const,
      sourceId: `${index}`,
      url: `https://h${index}.example/`,
      title: `Title ${index}`,
    }));
    const answer = reply('r', '', { parts: [{ type: 'text', text: 'words '.repeat(600) }, ...sources] });
    const mounted = await mount({ messages: [answer] });
    await settled(mounted);
    expect(distanceToEnd(mounted)).to.be.lessThan(2);
    const summary = mounted.find('.sources summary');
    const top = topOf(summary);
    summary.click();
    await settled(mounted);
    expect(mounted.find<HTMLDetailsElement>('.sources details').open).to.equal(true);
    expect(topOf(summary)).to.be.closeTo(top, 1);
    expect(mounted.find('.jump').hidden).to.equal(false);
  });

  it('does not move when a question about an answer opens below it', async () => {
    const features = { feedback: true };
    const state = { agent: { ...(emptySnapshot.agent as NonNullable<typeof emptySnapshot.agent>), features } };
    const mounted = await mount({ ...state, messages: many(10) });
    await settled(mounted);
    await scrollTo(mounted, 300);
    const shown = [...mounted.root.querySelectorAll('article')].find((node) => topOf(node) > 100) as Element;
    const top = topOf(shown);
    (shown.querySelector(`[aria-label="${en.helpful}"]`) as HTMLElement).click();
    await settled(mounted);
    expect(shown.textContent).to.contain(en.feedbackThanks);
    expect(topOf(shown)).to.be.closeTo(top, 1);
  });
});
