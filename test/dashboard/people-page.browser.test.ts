import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { violations } from '../panel/support/violations.ts';
import { until } from '../shell/support/until.ts';
import {
  ada,
  answer,
  answerSession,
  calls,
  field,
  heading,
  isShown,
  json,
  noContent,
  openDashboard,
  press,
  problem,
  shown,
  type,
  useDashboard,
} from './support/dashboard.ts';

useDashboard();
afterEach(() => setViewport({ width: 800, height: 600 }));

const time = '2026-11-20T10:00:00Z';
const person = (id: string, name: string, more: object = {}) => ({
  id,
  name,
  email: `${id}@example.com`,
  role: 'operator',
  state: 'active',
  agentIds: null,
  isLinked: false,
  createdAt: time,
  lastSeenAt: time,
  ...more,
});
const people = [
  person('o1', 'Ada', { role: 'admin' }),
  person('o2', 'Grace <b>Hopper</b>', { agentIds: ['shop', 'gone'], isLinked: true }),
  person('o3', 'Linus', { role: 'viewer', state: 'invited', lastSeenAt: null }),
  person('o4', 'Barbara', { state: 'disabled' }),
];
const agents = [
  { id: 'shop', name: 'Shop' },
  { id: 'docs', name: 'Docs' },
];
const link = 'https://chat.example/dashboard/invitation#one-time-token';
const sent = (method: string) => calls.filter((call) => call.method === method);

async function openPeople(options: Parameters<typeof openDashboard>[1] = {}): Promise<void> {
  answer('get', 'operators', () => json({ operators: people }));
  answer('get', 'agents', () => json({ agents }));
  await openDashboard('/dashboard/people', options);
  await isShown('Grace');
}

/** How often the list was asked for. */
const reloaded = (times: number): Promise<void> =>
  until(() => calls.filter(({ method, path }) => method === 'GET' && path === 'agents').length === times, 'the list');
const dialog = (): Promise<void> => until(() => document.querySelector('cw-manage-person form'), 'the dialog');
/** The list may be drawn anew while the button is pressed. */
const manage = (name: string): Promise<void> =>
  until(() => {
    if (document.querySelector('cw-manage-person') === null) press(`Manage ${name}`);
    return document.querySelector('cw-manage-person form');
  }, 'the dialog');
const choose = (value: string): void => {
  const select = document.querySelector<HTMLSelectElement>('main form select[name="role"]') ?? expect.fail('no role');
  select.value = value;
};

describe('the people page', () => {
  it('Wo2 says who there is, as what, where, and whether they can sign in', async () => {
    await openPeople();
    expect(heading()).to.equal('People');
    const rows = [...document.querySelectorAll<HTMLElement>('tbody tr')].map((row) =>
      row.innerText.replaceAll(/\s+/g, ' '),
    );
    expect(rows[0]).to.include('Ada You').and.to.include('Administrator').and.to.include('All');
    expect(rows[1]).to.include('Grace <b>Hopper</b>').and.to.include('Shop, gone').and.to.include('Single sign-on');
    expect(rows[2]).to.include('Viewer').and.to.include('Invited');
    expect(rows[3]).to.include('Disabled');
  });

  it('invites somebody, and shows the link once, with how long it works', async () => {
    await openPeople();
    answer('post', 'operators', () => json({ operator: people[1] ?? {}, link, linkExpiresAt: '2026-11-27T10:00:00Z' }));
    type('Name', 'Vera');
    type('E-mail', 'vera@example.com');
    choose('viewer');
    field('Docs').click();
    press('Create invitation');
    await isShown('one-time-token');
    expect(sent('POST')[0]?.body).to.deep.equal({
      name: 'Vera',
      email: 'vera@example.com',
      role: 'viewer',
      agentIds: ['docs'],
    });
    expect(document.querySelector('.link-card')?.textContent).to.match(/It works once, until .*27.*2026/);
    expect(document.activeElement?.textContent).to.equal('Vera was invited');
    expect(field('Name').value).to.equal('');
    await reloaded(2);
    press('Done');
    await until(() => !shown('one-time-token'), 'the link to go');
  });

  it('says beside each field what is wrong, and keeps what was typed', async () => {
    await openPeople();
    const sentence = 'Somebody has this e-mail address already.';
    answer('post', 'operators', () => problem(422, 'invalid_input', { fields: { email: sentence } }));
    type('Name', 'Vera');
    type('E-mail', 'ada@example.com');
    field('Only these:').click();
    press('Create invitation');
    await isShown('Choose at least one agent');
    expect(sent('POST')).to.deep.equal([]);
    field('All agents, and those to come').click();
    press('Create invitation');
    await isShown(sentence);
    expect(document.activeElement).to.equal(field('E-mail'));
    expect(field('Name').value).to.equal('Vera');
  });

  it('changes a role and agents, and says why the last administrator stays one', async () => {
    await openPeople();
    press('Manage Ada');
    await dialog();
    const detail = 'This is the last administrator: make somebody else one first.';
    answer('patch', 'operators/o1', () => problem(409, 'conflict', { detail }));
    press('Save');
    await isShown(detail);
    expect(shown('Another administrator can disable or remove your account.')).to.equal(true);
    answer('patch', 'operators/o1', () => json({ operator: people[0] ?? {} }));
    press('Save');
    await until(() => !document.querySelector('cw-manage-person'), 'the end of the dialog');
    expect(sent('PATCH')[1]?.body).to.deep.equal({ name: 'Ada', role: 'admin', agentIds: null });
    await reloaded(2);
  });

  it('makes a new link, disables, and removes after the name was typed', async () => {
    await openPeople();
    answer('post', 'operators/o2/reset', () => json({ link, linkExpiresAt: time }));
    await manage('Grace <b>Hopper</b>');
    press('Link for a new password');
    await isShown('A link for Grace <b>Hopper</b> to choose a new password');
    answer('patch', 'operators/o2', () => json({ operator: people[1] ?? {} }));
    await manage('Grace <b>Hopper</b>');
    press('Disable');
    await isShown('signed out at once and cannot sign in');
    press('Disable');
    await until(() => sent('PATCH').length === 1, 'the change');
    expect(sent('PATCH')[0]?.body).to.deep.equal({ state: 'disabled' });
    await until(() => !document.querySelector('cw-manage-person, cw-confirm-dialog'), 'the end of the dialogs');
    await reloaded(2);
    answer('delete', 'operators/o2', noContent);
    await manage('Grace <b>Hopper</b>');
    press('Remove');
    await isShown('This cannot be undone');
    press('Remove');
    await isShown('This is not “Grace <b>Hopper</b>”.');
    expect(sent('DELETE')).to.deep.equal([]);
    type('Type “Grace <b>Hopper</b>” to confirm', 'Grace <b>Hopper</b>');
    press('Remove');
    await until(() => sent('DELETE').length === 1, 'the removal');
    await reloaded(3);
  });

  it('is read alone by an administrator of some agents', async () => {
    await openPeople({ operator: { ...ada, agentIds: ['shop'] } });
    expect(shown('You see who is at your agents. Administrators of all agents can invite')).to.equal(true);
    expect(shown('Manage')).to.equal(false);
    expect(document.querySelector('main form')).to.equal(null);
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [1_000, 360]) {
      it(`has nothing that axe finds wrong, ${theme}, ${width} pixels wide`, async () => {
        await setViewport({ width, height: 740 });
        await openPeople({ theme });
        expect(document.documentElement.scrollWidth).to.be.at.most(width);
        expect(await violations(document.body)).to.deep.equal([]);
        press('Manage Grace <b>Hopper</b>');
        await dialog();
        expect(await violations(document.body)).to.deep.equal([]);
      });
    }
  }
});

describe('the sign-in page', () => {
  it('says why the organisation’s sign-in led back', async () => {
    answerSession(null);
    await openDashboard('/dashboard/sign-in?oidc=no_account', { operator: null });
    await isShown('Nobody has invited you here yet');
  });

  it('says nothing for words that it does not know', async () => {
    answerSession(null);
    await openDashboard('/dashboard/sign-in?oidc=constructor', { operator: null });
    expect(document.querySelector('[role="alert"] .notice')).to.equal(null);
  });
});
