import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { navigate } from '../../server/dashboard/src/navigation.ts';
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
  openDashboard,
  press,
  problem,
  shown,
  type,
  useDashboard,
  goBack,
} from './support/dashboard.ts';

const surroundings = { hasModel: false, mayNameFolders: true, knowledgeFolders: ['garden', 'articles'] };
const settings = {
  name: 'Shop help',
  greeting: 'Hello!',
  suggestions: ['Where is my order?'],
  appearance: { accent: '#8a2be2' },
  instructions: null,
  knowledge: 'articles',
  answers: null,
  attachments: true,
  handoff: true,
  consent: null,
  form: { fields: [{ name: 'email' }] },
  maxMessageCharacters: 8_000,
  allowedOrigins: [],
  retentionDays: null,
};
const origins = Object.fromEntries(Object.keys(settings).map((name) => [name, 'file']));
const action = {
  id: 'a1',
  origin: 'dashboard',
  settings: {
    name: 'order_status',
    description: 'Looks up an order',
    access: 'verified',
    approval: false,
    phrases: ['where is my order'],
    input: { type: 'object', properties: {}, required: [] },
    url: 'https://shop.example/order',
    method: 'POST',
    timeoutMs: 10_000,
  },
};
const agent = {
  id: 'shop',
  name: 'Shop help',
  isInFile: true,
  isUsable: true,
  hasProblems: false,
  revision: 'r1',
  settings,
  origins: { ...origins, greeting: 'dashboard' },
  actions: [action],
  problems: [],
};

type Changes = { readonly [name: string]: unknown };
const answerAgent = (changes: Changes = {}): void =>
  answer('get', 'agents/shop', () => json({ agent: { ...agent, ...changes }, ...surroundings }));
const answerPatch = (changes: Changes): void =>
  answer('patch', 'agents/shop', () => json({ agent: { ...agent, revision: 'r2', ...changes } }));
const patches = (): unknown[] => calls.filter(({ method }) => method === 'PATCH').map(({ body }) => body);

function area(label: string): HTMLTextAreaElement {
  const labels = [...document.querySelectorAll('label')];
  const found = labels.find(({ textContent }) => textContent.trim() === label)?.control;
  if (!(found instanceof HTMLTextAreaElement)) throw new Error(`There is no area “${label}”`);
  return found;
}

function folders(): HTMLSelectElement {
  const found = document.querySelector<HTMLSelectElement>('select[name=knowledge]');
  if (!found) throw new Error('There is no list of folders');
  return found;
}

function write(label: string, text: string): void {
  const input = area(label);
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Whether the browser would ask before it leaves. */
const unloadIsAsked = (): boolean => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

async function openAgent(changes: Changes = {}, theme: 'light' | 'dark' = 'light'): Promise<void> {
  answerAgent(changes);
  await openDashboard('/dashboard/agents/shop', { theme });
  await isShown('Name and welcome');
}

describe('the list of agents', () => {
  useDashboard();
  const summary = { id: 'shop', name: 'Shop help', isInFile: true, isUsable: true, hasProblems: false };
  const answerList = (changes: Changes = {}): void =>
    answer('get', 'agents', () => json({ agents: [summary], mayCreate: true, ...surroundings, ...changes }));

  it('makes an agent, says beside its field what does not fit, and goes to it', async () => {
    answerList();
    await openDashboard('/dashboard/agents');
    await isShown('Shop help');
    press('New agent');
    type('Name', 'Garden');
    type('Id', 'shop');
    press('Create agent');
    await isShown('Choose one.');
    expect([...folders().options].map(({ value }) => value)).to.deep.equal(['', 'garden', 'articles']);
    folders().value = 'garden';
    answer('post', 'agents', () =>
      problem(422, 'invalid_input', { fields: { id: 'There is an agent of this id already.' } }),
    );
    press('Create agent');
    await isShown('There is an agent of this id already.');
    expect(describedBy(field('Id'))).to.include('already');
    expect(document.activeElement).to.equal(field('Id'));
    type('Id', '');
    answer('post', 'agents', () => json({ agent: { ...agent, id: 'garden', name: 'Garden' } }));
    answer('get', 'agents/garden', () => json({ agent: { ...agent, id: 'garden', name: 'Garden' }, ...surroundings }));
    press('Create agent');
    await until(() => heading() === 'Garden', 'its page');
    expect(location.pathname).to.equal('/dashboard/agents/garden');
    expect(calls.findLast(({ method }) => method === 'POST')?.body).to.deep.equal({
      name: 'Garden',
      knowledge: 'garden',
    });
  });

  it('leads a viewer nowhere, and offers what they may not do to nobody', async () => {
    answerList({ mayCreate: false });
    await openDashboard('/dashboard/agents', { operator: { ...ada, role: 'viewer' } });
    await isShown('Shop help');
    expect(document.querySelector('main td a')).to.equal(null);
    expect(shown('New agent')).to.equal(false);
  });

  it('says what to do where there is none', async () => {
    answerList({ agents: [] });
    await openDashboard('/dashboard/agents');
    await isShown('No agents for you');
  });
});

describe('the settings of an agent', () => {
  useDashboard();

  it('sends what was changed and nothing else, with the revision', async () => {
    await openAgent();
    type('Name', 'Shop');
    write('Suggestions', 'One?\n\n Two? \n');
    answerPatch({ settings: { ...settings, name: 'Shop', suggestions: ['One?', 'Two?'] } });
    press('Save changes');
    await isShown('Saved.');
    expect(patches()).to.deep.equal([{ revision: 'r1', name: 'Shop', suggestions: ['One?', 'Two?'] }]);
    press('Save changes');
    await isShown('Nothing was changed');
    expect(patches().length).to.equal(1);
  });

  it('greets in several languages', async () => {
    await openAgent();
    press('Add a language');
    await isShown('Remove this language');
    type('Another language', 'de');
    write('Greeting (new language)', 'Hallo!');
    answerPatch({});
    press('Save changes');
    await until(() => patches().length === 1, 'what was sent');
    expect(patches()).to.deep.equal([
      {
        revision: 'r1',
        greeting: { en: 'Hello!', de: 'Hallo!' },
        suggestions: { en: ['Where is my order?'], de: [] },
      },
    ]);
  });

  it('says what is refused beside its field, whatever its path', async () => {
    await openAgent({ settings: { ...settings, greeting: { en: 'Hello!', de: 'Hallo!' } } });
    type('Longest message, in characters', '9000');
    answer('patch', 'agents/shop', () =>
      problem(422, 'invalid_input', {
        fields: { 'greeting.de': 'Must not be empty.', 'suggestions.en.2': 'Is too long.', knowledge: 'Is not there.' },
      }),
    );
    press('Save changes');
    await isShown('Must not be empty.');
    const texts = [...document.querySelectorAll<HTMLElement>('[aria-invalid=true]')].map(describedBy);
    expect(texts.length).to.equal(3);
    expect(describedBy(area('Greeting (de)'))).to.equal('Must not be empty.');
    expect(describedBy(area('Suggestions (en)'))).to.include('Is too long.');
    expect(describedBy(folders())).to.include('Is not there.');
    expect(field('Longest message, in characters').value).to.equal('9000');
  });

  it('keeps what was typed where somebody was faster, and takes in the rest', async () => {
    await openAgent();
    type('Name', 'Mine');
    answer('patch', 'agents/shop', () =>
      problem(409, 'conflict', { detail: 'Otto has changed this agent meanwhile: greeting.' }),
    );
    answerAgent({ revision: 'r7', settings: { ...settings, name: 'Theirs', greeting: 'Otto’s' } });
    press('Save changes');
    await isShown('Otto has changed this agent meanwhile: greeting. It has been loaded');
    expect(field('Name').value).to.equal('Mine');
    expect(area('Greeting').value).to.equal('Otto’s');
    expect(describedBy(field('Name'))).to.include('Set meanwhile: “Theirs”');
    answerPatch({});
    press('Save changes');
    await until(() => patches().length === 2, 'what was sent');
    expect(patches()[1]).to.deep.equal({ revision: 'r7', name: 'Mine' });
  });

  it('says what is not saved, and asks before it is lost by a link, by Back and by a reload', async () => {
    answer('get', 'agents', () => json({ agents: [], mayCreate: true, ...surroundings }));
    answerAgent();
    await openDashboard('/dashboard/agents');
    await isShown('No agents for you');
    navigate('/dashboard/agents/shop');
    await isShown('Name and welcome');
    expect(unloadIsAsked()).to.equal(false);
    type('Name', 'Mine');
    await isShown('Unsaved changes');
    expect(unloadIsAsked()).to.equal(true);
    press('Agents');
    await isShown('is not saved, and is forgotten');
    press('Cancel');
    await until(() => !document.querySelector('cw-confirm-dialog'), 'the form again');
    goBack();
    await isShown('is not saved, and is forgotten');
    expect(location.pathname).to.equal('/dashboard/agents/shop');
    expect(field('Name').value).to.equal('Mine');
    press('Leave');
    await isShown('No agents for you');
    expect(location.pathname).to.equal('/dashboard/agents');
  });

  it('takes back what was set here, and leaves what was typed elsewhere', async () => {
    await openAgent();
    type('Name', 'Not saved yet');
    write('Greeting', 'Neither');
    answerPatch({ origins, settings: { ...settings, greeting: 'From the file' } });
    press('Back to the configuration file’s greeting');
    await isShown('is forgotten');
    press('Go back');
    await until(() => area('Greeting').value === 'From the file', 'the greeting of the file');
    expect(patches()).to.deep.equal([{ revision: 'r1', reset: ['greeting'] }]);
    expect(field('Name').value).to.equal('Not saved yet');
  });

  it('says what of what was saved cannot be used', async () => {
    await openAgent({ hasProblems: true, problems: [{ path: 'knowledge', message: 'The folder is gone.' }] });
    await isShown('The folder is gone.');
  });

  it('adds an action, says what does not fit in it, and sends no secret twice', async () => {
    await openAgent();
    press('Add an action');
    await isShown('Longest time, in milliseconds');
    const inDialog = (name: string) =>
      document.querySelector<HTMLInputElement>(`cw-dialog [name="${name}"]`) as HTMLInputElement;
    inDialog('name').value = 'stock';
    inDialog('description').value = 'How many';
    inDialog('url').value = 'https://shop.example/stock';
    inDialog('input').value = '{';
    press('Make a new secret');
    expect(inDialog('signingSecret').value).to.match(/^[0-9a-f]{64}$/);
    press('Save action');
    await isShown('This is not JSON.');
    expect(document.activeElement).to.equal(inDialog('input'));
    inDialog('input').value = '';
    answer('patch', 'agents/shop', () =>
      problem(422, 'invalid_input', { fields: { 'actions.1.url': 'Must be https.' } }),
    );
    press('Save action');
    await isShown('Must be https.');
    expect(document.activeElement).to.equal(inDialog('url'));
    answerPatch({});
    press('Save action');
    await isShown('Action added');
    const [, sent] = patches() as { actions: { id?: string; signingSecret?: string; settings: object }[] }[];
    expect(sent?.actions.map(({ id, signingSecret }) => [id, signingSecret?.length])).to.deep.equal([
      ['a1', undefined],
      [undefined, 64],
    ]);
  });

  it('is removed once its name was typed', async () => {
    await openAgent({ isInFile: false });
    press('Remove agent');
    await isShown('It answers nobody any more');
    press('Remove agent');
    await isShown('This is not “Shop help”.');
    expect(calls.some(({ method }) => method === 'DELETE')).to.equal(false);
    type('Type “Shop help” to confirm', 'Shop help');
    answer('delete', 'agents/shop', () => new Response(null, { status: 204 }));
    answer('get', 'agents', () => json({ agents: [], mayCreate: true, ...surroundings }));
    press('Remove agent');
    await isShown('No agents for you');
    expect(calls.find(({ method }) => method === 'DELETE')?.body).to.deep.equal({
      confirm: 'Shop help',
      revision: 'r1',
    });
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds wrong, and nothing wider than 360 pixels, ${theme}`, async () => {
      await setViewport({ width: 360, height: 740 });
      await openAgent({ settings: { ...settings, greeting: { en: 'Hello!', de: 'Hallo!' } } }, theme);
      document.querySelector('iframe')?.remove();
      expect(await violations(document.body)).to.deep.equal([]);
      expect(document.documentElement.scrollWidth).to.equal(360);
    });
  }
});
