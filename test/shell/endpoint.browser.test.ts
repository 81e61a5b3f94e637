import { expect } from '@open-wc/testing';
import { answerHost, backend, useBackend } from './support/backend.ts';
import { until } from './support/until.ts';
import { useRejections, useWarnings } from './support/warnings.ts';
import { mountWidget } from './support/widget.ts';

useBackend();
useRejections();
const warnings = useWarnings();

const stream = (...events: readonly unknown[]): Response =>
  new Response(
    events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join(''),
    {
      headers: { 'content-type': 'text/event-stream' },
    },
  );
const inChunks = (content: string) => stream({ choices: [{ delta: { content }, finish_reason: 'stop' }] }, '[DONE]');
const inParts = (delta: string) =>
  stream(
    { type: 'start' },
    { type: 'text-start', id: '0' },
    { type: 'text-delta', id: '0', delta },
    { type: 'text-end', id: '0' },
    { type: 'finish' },
    '[DONE]',
  );

// Another address for each test: what was said is kept in the tab.
let count = 0;
const address = () => `/host/chat-${++count}`;

describe('endpoint', () => {
  it('takes the place of the chat server, and speaks the AI SDK’s stream by default', async () => {
    const endpoint = address();
    answerHost(endpoint, () => inParts('From the page’s own backend.'));
    const visitor = await mountWidget({ 'agent-id': '', endpoint, 'agent-name': 'Fern', greeting: 'Ask me.' });
    await visitor.open();
    await visitor.sees('Fern');
    await visitor.sees('Ask me.');
    visitor.say('Hello?');
    await visitor.sees('From the page’s own backend.');
    expect(backend.requests).to.deep.equal([]);
    expect(warnings).to.deep.equal([]);
  });

  it('speaks what endpoint-type says', async () => {
    const endpoint = address();
    answerHost(endpoint, () => inChunks('From a model.'));
    const visitor = await mountWidget({ 'agent-id': '', endpoint, 'endpoint-type': 'openai' });
    await visitor.open();
    visitor.say('Hello?');
    await visitor.sees('From a model.');
    expect(warnings).to.deep.equal([]);
  });

  it('counts as the AI SDK’s where the type is nonsense, with one warning', async () => {
    const endpoint = address();
    answerHost(endpoint, () => inParts('Parts.'));
    for (let visits = 0; visits < 2; visits++) {
      const visitor = await mountWidget({ 'agent-id': '', endpoint, 'endpoint-type': 'carrier pigeon' });
      await visitor.open();
      visitor.say('Hello?');
      await visitor.sees('Parts.');
    }
    expect(warnings.length).to.equal(1);
    expect(warnings[0]).to.include('carrier pigeon').and.to.include('ag-ui');
  });

  it('counts where there is an agent-id as well, with one warning that names both', async () => {
    const endpoint = address();
    answerHost(endpoint, () => inParts('The endpoint.'));
    const visitor = await mountWidget({ 'agent-id': 'plants', endpoint });
    await visitor.open();
    visitor.say('Who is it?');
    await visitor.sees('The endpoint.');
    expect(backend.requests).to.deep.equal([]);
    expect(warnings.length).to.equal(1);
    expect(warnings[0]).to.include('agent-id').and.to.include('endpoint');
  });

  it('begins another chat when it changes', async () => {
    const [first, second] = [address(), address()];
    answerHost(first, () => inParts('The first.'));
    answerHost(second, () => inParts('The second.'));
    const visitor = await mountWidget({ 'agent-id': '', endpoint: first });
    await visitor.open();
    visitor.say('one');
    await visitor.sees('The first.');
    visitor.widget.update({ endpoint: second });
    await visitor.isOpen();
    await until(() => !visitor.text.includes('The first.'), 'an empty conversation');
    visitor.say('two');
    await visitor.sees('The second.');
  });

  it('H1 is sent the visitor’s token, who is said to be neither verified nor anonymous', async () => {
    const endpoint = address();
    answerHost(endpoint, () => inParts('Noted.'));
    const token = `h.${btoa(JSON.stringify({ sub: 'ada', name: 'Ada' }))}.s`;
    const visitor = await mountWidget({ 'agent-id': '', endpoint, 'contact-context-token': token });
    await visitor.open();
    await until(() => visitor.widget.state.identity.state === 'forwarded', 'forwarded');
    expect(visitor.text).not.to.include('Ada').and.not.to.include('Signed in');
    visitor.say('hello');
    await visitor.sees('Noted.');
    visitor.widget.removeAttribute('contact-context-token');
    expect(visitor.text).not.to.include('Noted.');
    expect(visitor.widget.state.identity).to.deep.equal({ state: 'anonymous' });
    expect(JSON.stringify({ ...sessionStorage, ...localStorage }))
      .not.to.include('Noted.')
      .and.not.to.include(token);
  });
});
