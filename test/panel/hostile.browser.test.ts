import { expect } from '@open-wc/testing';
import { emptySnapshot, reply, userMessage } from './support/fake-client.ts';
import { mount } from './support/mount.ts';

const markup = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

describe('hostile content', () => {
  it('stays text wherever it stands', async () => {
    const { root, text } = await mount({
      agent: {
        ...(emptySnapshot.agent as NonNullable<typeof emptySnapshot.agent>),
        name: markup,
        greeting: markup,
        suggestions: [markup],
      },
      identity: { state: 'verified', subject: markup, claims: { name: markup }, expiresAt: null },
      messages: [
        userMessage('u', markup),
        reply('r', markup, {
          parts: [
            { type: 'text', text: markup },
            { type: 'dynamic-tool', toolName: markup, toolCallId: 't', state: 'input-available', input: markup },
            { type: 'source-url', sourceId: 's', url: `javascript:${markup}`, title: markup },
            { type: 'source-document', sourceId: 'd', mediaType: markup, title: markup },
          ],
        }),
      ],
    });
    expect(root.querySelectorAll('img, script, iframe, style').length).to.equal(0);
    expect(
      [...root.querySelectorAll('*')]
        .flatMap(({ attributes }) => [...attributes])
        .filter(({ name }) => name.startsWith('on')),
    ).to.deep.equal([]);
    expect(text()).to.contain('onerror');
    expect('hacked' in window).to.equal(false);
  });

  it('cannot make the panel wider than it is', async () => {
    const long = 'x'.repeat(5_000);
    const { root } = await mount({
      agent: { ...(emptySnapshot.agent as NonNullable<typeof emptySnapshot.agent>), name: long },
      identity: { state: 'self-reported', name: long },
      messages: [
        userMessage('u', long),
        reply('r', `${long}\n\n\`${long}\`\n\n\`\`\`\n${long}\n\`\`\`\n\n|${long}|\n|-|\n|${long}|`),
      ],
    });
    for (const selector of ['.panel', '.scroller', 'header', '.bubble', '.text']) {
      const element = root.querySelector(selector);
      expect(element?.scrollWidth, selector).to.be.at.most(element?.clientWidth ?? 0);
    }
  });

  it('keeps a name written from right to left from turning round what is beside it', async () => {
    const { find } = await mount({ identity: { state: 'self-reported', name: '\u202Egnp.exe' } });
    expect(getComputedStyle(find('.identity span')).unicodeBidi).to.equal('plaintext');
  });

  it('needs no inline style, so that a page may forbid it', async () => {
    const { root } = await mount({ messages: [userMessage('u', 'a'), reply('r', '| a |\n|:-:|\n| b |')] });
    expect(root.querySelectorAll('[style], style').length).to.equal(0);
  });
});
