import { expect } from '@open-wc/testing';
import { violations } from '../panel/support/violations.ts';
import { until } from '../shell/support/until.ts';
import { at } from './support/conversation.ts';
import { answer, calls, isShown, json, openDashboard, press, problem, useDashboard } from './support/dashboard.ts';

describe('the page of saved replies', () => {
  useDashboard();

  for (const theme of ['light', 'dark'] as const) {
    it(`adds, changes and refuses beside the field; axe finds nothing, ${theme}`, async () => {
      const cannedReplies = [{ id: 'r1', agentId: null, shortcut: 'thanks', text: 'Thank you!', updatedAt: at(0) }];
      answer('get', 'canned-replies', () => json({ cannedReplies }));
      answer('get', 'agents', () => json({ agents: [{ id: 'shop', name: 'Shop help' }] }));
      await openDashboard('/dashboard/saved-replies', { theme });
      await isShown('/thanks');
      answer('post', 'canned-replies', () => problem(422, 'invalid_input', { fields: { shortcut: 'There is one.' } }));
      const fill = (name: string, words: string): void => {
        const control = document.querySelector<HTMLInputElement>(`[name=${name}]`);
        if (control) control.value = words;
      };
      fill('shortcut', 'thanks');
      fill('text', 'Again');
      press('Add reply');
      await isShown('There is one.');
      expect(await violations(document.body)).to.deep.equal([]);
      answer('patch', 'canned-replies/r1', () => json({ cannedReply: cannedReplies[0] ?? {} }));
      press('Change /thanks');
      await until(() => document.querySelector<HTMLInputElement>('[name=shortcut]')?.value === 'thanks', 'the reply');
      fill('text', 'Thanks!');
      press('Save reply');
      await isShown('Reply saved');
      expect(calls.find(({ method }) => method === 'PATCH')?.body).to.deep.equal({
        shortcut: 'thanks',
        text: 'Thanks!',
      });
    });
  }
});
