import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { violations } from '../panel/support/violations.ts';
import { until } from '../shell/support/until.ts';
import {
  ada,
  answer,
  calls,
  describedBy,
  field,
  heading,
  isShown,
  json,
  noContent,
  openDashboard,
  press,
  shown,
  type,
  useDashboard,
} from './support/dashboard.ts';

const subject = 'user/1 ü';
const contact = {
  ...{ agentId: 'shop', agentName: 'Shop', subject, name: 'Anna', email: null },
  ...{ firstSeenAt: '2026-11-01T10:00:00.000Z', lastSeenAt: '2026-11-03T10:00:00.000Z', claims: { sub: subject } },
};
const api = `contacts/shop/${encodeURIComponent(subject)}`;
const address = `/dashboard/${api}`;

describe('the privacy of a contact', () => {
  useDashboard();
  beforeEach(() => {
    answer('get', 'events', noContent);
    answer('get', 'agents', () => json({ agents: [{ id: 'shop', name: 'Shop' }] }));
    answer('get', api, () => json({ contact, claimsHistory: [] }));
    answer('get', 'conversations', () => json({ conversations: [], nextBefore: null }));
    answer('get', 'contacts', () => json({ contacts: [], nextBefore: null }));
  });
  afterEach(() => setViewport({ width: 800, height: 600 }));

  it('is an export, and a deletion that wants the subject typed; after it the contact is left', async () => {
    await openDashboard(address);
    await isShown('Delete this contact');
    const link = document.querySelector<HTMLAnchorElement>('a[download][href*="export"]');
    expect(new URL(link?.href ?? '').pathname).to.equal(`/dashboard/api/export/${api}.json`);
    press('Delete this contact');
    await isShown('This cannot be undone');
    const typed = `Type “${subject}” to confirm`;
    type(typed, 'user/1');
    press('Delete for good');
    await isShown('This is not');
    expect(describedBy(field(typed))).to.include(`This is not “${subject}”.`);
    expect(calls.some(({ method }) => method === 'DELETE')).to.equal(false);
    answer('delete', api, () => json({ removed: { conversations: 2, attachments: 1, filesPending: false } }));
    type(typed, subject);
    press('Delete for good');
    await isShown('Deleted, with everything of theirs');
    expect(calls.find(({ method }) => method === 'DELETE')?.body).to.deep.equal({ confirm: subject });
    await until(() => heading() === 'Contacts', 'the contacts');
    await isShown('No contacts yet');
  });

  it('says so where the content of files is still to go', async () => {
    await openDashboard(address);
    await isShown('Delete this contact');
    press('Delete this contact');
    await isShown('This cannot be undone');
    answer('delete', api, () => json({ removed: { conversations: 2, attachments: 1, filesPending: true } }));
    type(`Type “${subject}” to confirm`, subject);
    press('Delete for good');
    await isShown('as soon as it does');
    await isShown('No contacts yet');
  });

  it('is not offered to operators', async () => {
    await openDashboard(address, { operator: { ...ada, role: 'operator' } });
    await isShown('Who this is');
    expect(shown('Delete this contact')).to.equal(false);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds, ${theme}, and fits a phone`, async () => {
      await setViewport({ width: 360, height: 800 });
      const app = await openDashboard(address, { theme });
      await isShown('Delete this contact');
      expect(await violations(app)).to.deep.equal([]);
      expect(document.documentElement.scrollWidth).to.be.at.most(360);
      press('Delete this contact');
      await isShown('This cannot be undone');
      expect(await violations(app)).to.deep.equal([]);
    });
  }
});
