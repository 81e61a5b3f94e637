import { expect } from '@open-wc/testing';
import { parts } from '../../src/panel/conversation/index.ts';
import { useBackend } from './support/backend.ts';
import { addStyle, useStyles } from './support/page-style.ts';
import { until } from './support/until.ts';
import { mountWidget } from './support/widget.ts';

useBackend();
useStyles();

describe('::part()', () => {
  it('reaches every part of the panel from the page', async () => {
    const visitor = await mountWidget();
    await visitor.open();
    const root = visitor.panel?.shadowRoot ?? expect.fail('no panel');
    await until(() => visitor.panel?.getAttribute('exportparts') === parts, 'the parts of the conversation');
    const names = parts.split(',');
    expect(names.length).to.be.greaterThan(50);
    addStyle(names.map((name, index) => `chat-widget::part(${name}) { order: ${index + 1} }`).join('\n'));
    const reached = names.map((name) => {
      // Those of rare states are put where they would stand.
      const probe = document.createElement('i');
      probe.part = name;
      root.append(probe);
      return getComputedStyle(probe).order;
    });
    expect(reached).to.deep.equal(names.map((_, index) => `${index + 1}`));
  });

  it('reaches the panel as it opens, before its conversation has come, and the launcher', async () => {
    addStyle(`
      chat-widget::part(launcher) { outline: 1px solid rgb(1, 2, 3) }
      chat-widget::part(badge) { outline: 1px solid rgb(1, 2, 3) }
      chat-widget::part(header) { background: rgb(4, 5, 6) }
      chat-widget::part(send) { background: rgb(7, 8, 9) !important }
      chat-widget::part(conversation-badge) { display: none }
    `);
    const visitor = await mountWidget();
    visitor.launcher.click();
    await until(() => visitor.input, 'the composer');
    const styleOf = (name: string): CSSStyleDeclaration =>
      getComputedStyle(
        [visitor.widget.shadowRoot, visitor.panel?.shadowRoot]
          .map((root) => root?.querySelector(`[part=${name}]`))
          .find(Boolean) ?? expect.fail(name),
      );
    expect(styleOf('launcher').outlineColor).to.equal('rgb(1, 2, 3)');
    expect(styleOf('badge').outlineColor).to.equal('rgb(1, 2, 3)');
    expect(styleOf('header').backgroundColor).to.equal('rgb(4, 5, 6)');
    expect(styleOf('send').backgroundColor).to.equal('rgb(7, 8, 9)');
  });
});
