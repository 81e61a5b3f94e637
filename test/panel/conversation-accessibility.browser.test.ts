import { expect } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import { createStrings } from '../../src/strings/ar.ts';
import { en } from '../../src/strings/index.ts';
import { createRules } from '../../src/strings/rules.ts';
import { until } from './support/around.ts';
import { conversationStates, galleryNow } from './support/conversation-states.ts';
import { drawn, mount, type Mounted } from './support/mount.ts';
import { violations } from './support/violations.ts';

const clock = { now: () => galleryNow, everySecond: () => () => undefined };
const mountState = (name: string, change: Parameters<typeof mount>[1] = {}) =>
  mount(conversationStates[name] ?? {}, { clock, ...change });

/** What is there only after something was pressed. */
const steps: { readonly [name: string]: readonly [string, (mounted: Mounted) => unknown] } = {
  'asking what could be better': ['answered', ({ root }) => pressLast(root, en.notHelpful)],
  thanking: ['answered', ({ root }) => pressLast(root, en.helpful)],
  'feedback that failed': [
    'answered',
    ({ client, root }) => {
      client.results.feedback = () => Promise.reject(Object.assign(new Error('network'), { code: 'network' }));
      pressLast(root, en.helpful);
    },
  ],
  'changing a message': ['answered', ({ root }) => pressLast(root, en.editMessage)],
  'a result': ['tools', ({ find }) => find('details.tool > summary').click()],
  'all sources': ['sources', ({ find }) => find('.sources summary').click()],
  'a picture': [
    'files',
    async ({ client, root }) => {
      const canvas = new OffscreenCanvas(40, 30);
      canvas.getContext('2d');
      const blob = await canvas.convertToBlob();
      client.results.readAttachment = () => Promise.resolve(blob);
      (await until(() => root.querySelector<HTMLElement>('.file button'), 'the file')).click();
      await until(() => root.querySelector('canvas'), 'the picture');
    },
  ],
  'a file that is gone': [
    'files',
    async ({ client, root }) => {
      const code = 'attachment_not_found';
      client.results.readAttachment = () => Promise.reject(Object.assign(new Error(code), { code }));
      (await until(() => root.querySelector<HTMLElement>('.file button'), 'the file')).click();
      await until(() => root.querySelector('.file .failed'), 'the failure');
    },
  ],
};

function pressLast(root: ShadowRoot, name: string): void {
  [...root.querySelectorAll<HTMLElement>(`article [aria-label="${name}"]`)].at(-1)?.click();
}

describe('accessibility of the conversation (axe, all rules)', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const [name, [state, step]] of Object.entries(steps)) {
      it(`finds nothing wrong: ${name}, ${theme}`, async () => {
        const mounted = await mountState(state, { theme });
        await step(mounted);
        await drawn(mounted.panel);
        await drawn(mounted.panel);
        for (const animation of mounted.root.getAnimations()) animation.cancel();
        expect(await violations(mounted.panel)).to.deep.equal([]);
      });
    }
  }

  const arabic = { locale: 'ar', strings: createStrings(createRules('ar')) };
  for (const name of Object.keys(conversationStates)) {
    it(`finds nothing wrong from right to left: ${name}`, async () => {
      const { panel } = await mountState(name, arabic);
      expect(await violations(panel)).to.deep.equal([]);
    });
  }

  it('moves nothing for those who want no motion', async () => {
    await emulateMedia({ reducedMotion: 'reduce' });
    const moving = (await mountState('tools')).root.getAnimations().length;
    await emulateMedia({ reducedMotion: 'no-preference' });
    expect(moving).to.equal(0);
  });
});
