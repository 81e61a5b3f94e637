import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { reduceReply, emptyReply, textOf, type ContentPart } from '../../../src/protocol/index.ts';
import {
  createAgent,
  createKnowledgeAgent,
  createKnowledgeIndex,
  defineAction,
  type Action,
  type Turn,
} from '../../src/agents/index.ts';
import { isPersonalQuestion } from '../../src/agents/knowledge/personal-question.ts';
import { articles, documents, replyOf, said, turnOf, verified } from './turns.ts';

const index = createKnowledgeIndex(documents);
const agent = await createKnowledgeAgent({ index });

function actionFor(access: 'public' | 'verified'): Action {
  return defineAction({
    name: 'order_status',
    description: 'Lists orders',
    inputSchema: z.object({}),
    access,
    phrases: access === 'verified' ? ['where is my order'] : ['open a ticket'],
    run: () => ({ message: 'All sent' }),
  });
}

/** Can look into orders for those who are signed in. */
const acting = await createKnowledgeAgent({ index, actions: [actionFor('verified')] });

const needsSignIn = (parts: readonly ContentPart[]): boolean =>
  parts.some(({ type }) => type === 'data-sign-in-required');

describe('the knowledge agent', () => {
  test('answers with the fitting passage and its source', async () => {
    const { text, urls } = await replyOf(agent, turnOf('How much is shipping to Austria?'));
    assert.match(text, /Austria, Czechia, France, Poland \| 2–3 \| €8\.95/);
    assert.equal(urls[0], '/help/delivery');
  });

  test('reads the folder it is given', async () => {
    for (const made of [
      await createKnowledgeAgent({ documents: articles }),
      await createAgent({ documents: articles }),
    ]) {
      assert.equal((await replyOf(made, turnOf('Can I pay with Klarna?'))).urls[0], '/help/payment');
    }
  });

  test('fails at the start, not at a question, when the folder is missing', async () => {
    await assert.rejects(createKnowledgeAgent({ documents: '/no/such/folder' }), { code: 'knowledge_folder_missing' });
    await assert.rejects(createAgent({}), TypeError);
  });

  test('grows in pieces of whole words, which make up the passages exactly', async () => {
    const { parts } = await replyOf(agent, turnOf('How do I return a pot?'));
    const deltas = parts.flatMap((part) => (part.type === 'text-delta' ? [part.delta] : []));
    assert.ok(deltas.length > 10, `${deltas.length} pieces`);
    assert.ok(deltas.slice(1).every((delta) => /^\s/.test(delta)));
    const [introduction, next] = documents.find(({ url }) => url === '/help/returns')?.passages ?? [];
    assert.equal(deltas.join(''), `${introduction?.text}\n\n**How to return something**\n\n${next?.text}`);
  });

  test('its parts make a whole message', async () => {
    const { parts, text } = await replyOf(agent, turnOf('Where can I download my invoice?'));
    const reply = parts.reduce(reduceReply, emptyReply('m'));
    assert.equal(textOf(reply.message), text);
    assert.deepEqual(reply.open, {});
  });

  test('says plainly that nothing fits, names topics, and whom to ask', async () => {
    const { text, urls, parts } = await replyOf(agent, turnOf('Who won the election?'));
    assert.match(text, /I found nothing about that/);
    assert.match(text, /topics such as:\n\n- \[/);
    assert.deepEqual(urls, ['/help/contact']);
    assert.equal(needsSignIn(parts), false);
  });

  test('understands a follow-up by the question before it', async () => {
    const history = [
      said('user', 'How much is shipping to Germany?'),
      said('assistant', '€5.95'),
      said('user', 'and to Spain?'),
    ];
    assert.equal((await replyOf(agent, turnOf('', { history }))).urls[0], '/help/delivery');
  });

  test('stops when the turn is aborted', async () => {
    const controller = new AbortController();
    const seen: ContentPart[] = [];
    for await (const part of agent.reply(turnOf('How do I return a pot?', { signal: controller.signal }))) {
      seen.push(part);
      if (part.type === 'text-delta') controller.abort();
    }
    assert.deepEqual(
      seen.map(({ type }) => type),
      ['text-start', 'text-delta'],
    );
  });

  test('a document without an address is named as a document', async () => {
    const passages = [{ headings: ['Opening'], text: 'From nine to five.' }];
    const index = createKnowledgeIndex([{ id: 'a/hours.md', title: 'Hours', keywords: [], passages }]);
    const { parts } = await replyOf(await createKnowledgeAgent({ index }), turnOf('opening hours?'));
    assert.deepEqual(parts.at(-1), {
      type: 'source-document',
      sourceId: 'a/hours.md',
      mediaType: 'text/markdown',
      title: 'Hours',
      filename: 'hours.md',
    });
  });

  test('titles and headings of documents are shown as text, whatever they hold', async () => {
    const passages = [{ headings: ['<img src=x> [click](javascript:alert(1))'], text: 'Ferns like shade.' }];
    const title = '](javascript:alert(1)) **ferns**';
    const index = createKnowledgeIndex([{ id: 'a.md', title, url: '/a', keywords: [], passages }]);
    const made = await createKnowledgeAgent({ index });
    const { text } = await replyOf(made, turnOf('Do ferns like shade?'));
    assert.match(text, /^\*\*\\<img src\\=x\\> \\\[click\\\]\\\(javascript/);
    const nothing = await replyOf(made, turnOf('Who won the election?'));
    assert.match(nothing.text, /- \[\\\]\\\(javascript\\:alert\\\(1\\\)\\\) \\\*\\\*ferns\\\*\\\*\]\(\/a\)/);
  });
});

describe('small talk', () => {
  const talk: readonly (readonly [string, RegExp])[] = [
    ['Hello!', /^Hello, I am the automated assistant of Fernhill, not a human\./],
    ['good morning', /^Hello, /],
    ['Thanks a lot!', /welcome/],
    ['bye', /^Goodbye/],
    ['who are you?', /automated assistant of Fernhill, not a human/],
    ['Hi, are you a real person?', /not a human/],
    ["what's your name", /automated assistant/],
    ['Am I talking to a bot?', /automated assistant/],
    ['What can you do?', /topics such as/],
    ['help', /topics such as:\n\n- \[Tracking your order\]/],
    ['who am I?', /^I do not know: you are not signed in/],
  ];
  for (const [words, answer] of talk) {
    test(`answers "${words}" in a sentence`, async () =>
      assert.match((await replyOf(agent, turnOf(words))).text, answer));
  }

  test('a greeting in front of a question is no small talk', async () => {
    assert.equal((await replyOf(agent, turnOf('Hi, can I pay with Klarna?'))).urls[0], '/help/payment');
    assert.equal((await replyOf(agent, turnOf('thanks, and how do I repot?'))).urls[0], '/help/repotting');
  });
});

describe("the visitor's name", () => {
  const greet = async (user: Turn['user']): Promise<string> => (await replyOf(agent, turnOf('Hello', { user }))).text;

  test('B5 W4 a verified visitor who asks who they are is told', async () => {
    const user = { ...verified('Ada Lovelace'), email: 'ada@shop.example' };
    const { text } = await replyOf(agent, turnOf('Who am I?', { user }));
    assert.match(text, /^You are signed in as Ada Lovelace \(ada\\@shop\\.example\)/);
  });

  test('B5 H6 W4 a verified visitor is greeted by name', async () => {
    assert.match(await greet(verified('Ada Lovelace')), /^Hello Ada Lovelace, I am/);
    assert.match(await greet(verified("Zoë O'Brien-Łoś")), /^Hello Zoë O\\'Brien\\-Łoś, /);
  });

  test('H1 a self-reported name is not used: nobody has proved it', async () => {
    assert.match(await greet({ verified: false, selfReported: { name: 'Ada' } }), /^Hello, /);
  });

  test('B5 the name is used in greetings only', async () => {
    const { text } = await replyOf(agent, turnOf('How do I repot?', { user: verified('Ada') }));
    assert.doesNotMatch(text, /Ada/);
  });

  test('a name cannot bring formatting, lines, or HTML into the answer', async () => {
    assert.match(await greet(verified('**Ada**\n# <b>x')), /^Hello \\\*\\\*Ada\\\*\\\* \\# \\<b\\>x, I am/);
    assert.match(await greet(verified('![Ada](x)\u202e`')), /^Hello \\!\\\[Ada\\\]\\\(x\\\) \\`, I am/);
  });

  for (const name of [
    '[Ada](https://evil.example)',
    'https://evil.example',
    'www.evil.example',
    'evil.example',
    'a@evil.example',
    'x'.repeat(61),
    ' \u200b ',
  ]) {
    test(`a name that is none is left out: ${JSON.stringify(name.slice(0, 30))}`, async () => {
      assert.match(await greet(verified(name)), /^Hello, I am/);
    });
  }
});

describe('personal questions', () => {
  const personal = [
    'Where is my order?',
    "where's my parcel",
    'Show me my invoices',
    'when will my order arrive?',
    'What is the status of my refund?',
    'my orders',
    'has my last parcel been sent',
    'what did I order',
    'Did you get my return?',
    'please track my package',
  ];
  const general = [
    'How do I return my order?',
    'Can I cancel my order?',
    'Where can I download my invoice?',
    'How long does delivery take?',
    'I want to delete my account',
    'What if my parcel is lost?',
    'my plant has yellow leaves',
    'Do I have to sign in to see my orders?',
    'I forgot my password',
  ];

  for (const question of personal) test(`personal: ${question}`, () => assert.ok(isPersonalQuestion(question)));
  for (const question of general) test(`general: ${question}`, () => assert.ok(!isPersonalQuestion(question)));

  test('B12 an anonymous visitor whom an action could help is told to sign in, the widget too, and gets the article', async () => {
    const { text, urls, parts } = await replyOf(acting, turnOf('please track my parcel'));
    assert.match(text, /I need you to be signed in/);
    assert.equal(urls[0], '/help/tracking');
    assert.deepEqual(
      parts.filter(({ type }) => type === 'data-sign-in-required'),
      [{ type: 'data-sign-in-required', data: {} }],
    );
  });

  test('B12 a self-reported visitor is as anonymous as any', async () => {
    const user = { verified: false, selfReported: { name: 'Ada', email: 'ada@example.com' } } as const;
    assert.ok(needsSignIn((await replyOf(acting, turnOf('Show me my invoices', { user }))).parts));
  });

  test('nobody is asked to sign in where nothing could be done for them then', async () => {
    const forAll = await createKnowledgeAgent({ index, actions: [actionFor('public')] });
    for (const without of [agent, forAll]) {
      const { text, urls, parts } = await replyOf(without, turnOf('Where is my order?'));
      assert.match(text, /I cannot look into orders/);
      assert.equal(urls[0], '/help/tracking');
      assert.equal(needsSignIn(parts), false);
    }
  });

  test('a verified visitor whose words ask for no action reads what can be asked for', async () => {
    const { text, urls } = await replyOf(acting, turnOf('please track my parcel', { user: verified('Ada') }));
    assert.match(text, /- order status: say “where is my order”/);
    assert.equal(urls[0], '/help/tracking');
  });

  test('B12 general questions need no sign-in', async () => {
    assert.equal(needsSignIn((await replyOf(agent, turnOf('How do I return my order?'))).parts), false);
  });

  test('a verified visitor is told honestly what cannot be looked up, and gets the general article', async () => {
    const { text, urls, parts } = await replyOf(agent, turnOf('Where is my order?', { user: verified('Ada') }));
    assert.match(text, /I cannot look into orders/);
    assert.equal(urls[0], '/help/tracking');
    assert.equal(needsSignIn(parts), false);
  });
});
