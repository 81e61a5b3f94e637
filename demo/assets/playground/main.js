// The playground: controls for all that the element's description names, and the code that says the same.
import { renderCode, tabs } from './code.js';
import { control, create } from './controls.js';

const data = document.getElementById('element');
// Descriptions are Markdown.
const element = JSON.parse(data.textContent.replaceAll('`', ''));
const widget = document.querySelector('chat-widget');
const server = data.dataset.server;
const state = { attributes: { 'agent-id': widget.getAttribute('agent-id') }, tokens: {}, properties: {}, calls: '' };
const sheet = new CSSStyleSheet();
const highlight = new CSSStyleSheet();
document.adoptedStyleSheets = [sheet, highlight];
let tab = 'HTML';

function changed() {
  const tokens = Object.entries(state.tokens).map(([name, value]) => [name, value]);
  const rule = 'chat-widget{}';
  sheet.replaceSync(rule);
  for (const [name, value] of tokens) sheet.cssRules[0].style.setProperty(name, value);
  document.getElementById('code').textContent = renderCode(tab, state, server);
}

const valuesOf = (type = '') => [...type.matchAll(/'([^']+)'/g)].map(([, value]) => value);

/** The chat stands in the page then: beside the controls where there is room, else far below them. */
function bringIntoView() {
  const { top } = widget.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) widget.scrollIntoView({ block: 'nearest' });
}

for (const { name, description, type } of element.attributes) {
  // Of a token the page gets one by itself below; here it would stand in code that is copied.
  const kind = type.text === 'boolean' ? 'checkbox' : /token$/.test(name) ? 'password' : 'text';
  const set = (value) => {
    if (value === '' || value === false) {
      delete state.attributes[name];
      widget.removeAttribute(name);
    } else {
      state.attributes[name] = value === true ? '' : value;
      widget.setAttribute(name, state.attributes[name]);
    }
    if (name === 'mode' && /inline|page/.test(value)) bringIntoView();
    changed();
  };
  const options = { name, description, kind, values: valuesOf(type.text), set, value: state.attributes[name] ?? '' };
  document.getElementById('attributes').append(control(options));
}

const token = () =>
  fetch('/api/chat-token', { method: 'POST' })
    .then((response) => (response.ok ? response.json() : { token: null }))
    .then((answer) => answer.token);

/** How each property is said in a control; what has none here is told of, and stays as it is. */
const properties = {
  open: { kind: 'checkbox', set: (value) => (widget.open = value), code: (value) => (value ? 'true' : '') },
  suggestions: {
    kind: 'text',
    hint: 'separated by |',
    set: (value) => (widget.suggestions = value === '' ? undefined : value.split('|')),
    code: (value) => (value === '' ? '' : JSON.stringify(value.split('|'))),
  },
  strings: {
    kind: 'text',
    hint: 'the greeting',
    set: (value) => (widget.strings = value === '' ? undefined : { greeting: value }),
    code: (value) => (value === '' ? '' : `{ greeting: ${JSON.stringify(value)} }`),
  },
  tokenProvider: {
    kind: 'checkbox',
    hint: 'of the customer who is signed in to the shop',
    set: (value) => (widget.tokenProvider = value ? token : undefined),
    code: (value) =>
      value
        ? "() => fetch('/api/chat-token', { method: 'POST' }).then((r) => (r.ok ? r.json() : { token: null })).then((r) => r.token)"
        : '',
  },
};

const argumentsOf = {
  identify: ['await token()', async () => widget.identify(await token())],
  send: ["'Hello'", () => widget.send('Hello')],
  update: ["{ theme: 'dark' }", () => widget.update({ theme: 'dark' })],
};

for (const { name, kind, description } of element.members) {
  if (kind === 'field') {
    const { set, code, ...how } = properties[name] ?? { kind: 'output' };
    const show = (value) => {
      set?.(value);
      const text = code(value);
      if (text === '') delete state.properties[name];
      else state.properties[name] = text;
      changed();
    };
    const text = `${description ?? ''}${how.hint ? ` Here: ${how.hint}.` : ''}`;
    document
      .getElementById('properties')
      .append(control({ name, description: text, values: [], value: '', set: show, ...how }));
    continue;
  }
  const [code = '', run = () => widget[name]()] = argumentsOf[name] ?? [];
  const button = create('button', { type: 'button', className: 'button quiet', textContent: `${name}(${code})` });
  button.dataset.method = name;
  button.addEventListener('click', () => {
    state.calls = `widget.${name}(${code});`;
    changed();
    Promise.resolve(run()).catch((error) => log('rejected', { code: error.code, message: error.message }));
  });
  document
    .getElementById('properties')
    .append(create('div', { className: 'control' }, button, create('small', { textContent: description ?? '' })));
}
setInterval(() => {
  const output = document.querySelector('output[data-name=state]');
  const text = JSON.stringify({
    identity: widget.state?.identity.state,
    open: widget.state?.open,
    unreadCount: widget.state?.unreadCount,
  });
  if (output !== null && output.textContent !== text) output.textContent = text;
}, 500);

const isColor = (name) => /(accent|surface|sunken|text|muted|border|danger|warning)$/.test(name);
for (const { name, description } of element.cssProperties) {
  const set = (value) => {
    if (value === '') delete state.tokens[name];
    else state.tokens[name] = value;
    changed();
  };
  document
    .getElementById('tokens')
    .append(control({ name, description, kind: isColor(name) ? 'color' : 'text', values: [], value: '', set }));
}

for (const { name, description } of element.cssParts) {
  const button = create('button', { type: 'button', className: 'part', textContent: name });
  button.dataset.part = name;
  const show = () =>
    highlight.replaceSync(`chat-widget::part(${name}){outline:3px dashed #d0127b!important;outline-offset:-1px}`);
  const hide = () => highlight.replaceSync('');
  for (const type of ['pointerenter', 'focus']) button.addEventListener(type, show);
  for (const type of ['pointerleave', 'blur']) button.addEventListener(type, hide);
  document
    .getElementById('parts')
    .append(create('div', { className: 'control' }, button, create('small', { textContent: description ?? '' })));
}

/** No detail holds a token; should one ever look like it, it is not shown. */
function log(name, detail) {
  const text = JSON.stringify(detail ?? {}).replaceAll(/eyJ[\w.-]+/g, '…');
  const list = document.getElementById('events');
  list.prepend(create('li', {}, create('b', { textContent: name }), ` ${text}`));
  while (list.children.length > 100) list.lastChild.remove();
}
for (const { name } of element.events) widget.addEventListener(name, ({ detail }) => log(name, detail));

const buttons = tabs.map((name) => {
  const button = create('button', {
    type: 'button',
    role: 'tab',
    textContent: name,
    id: `tab-${name.replaceAll(' ', '-')}`,
  });
  button.addEventListener('click', () => choose(name));
  button.addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step === undefined) return;
    const next = buttons.at((buttons.indexOf(button) + step) % buttons.length);
    next.focus();
    next.click();
  });
  return button;
});
document.querySelector('.tabs').append(...buttons);

function choose(name) {
  tab = name;
  for (const button of buttons) {
    button.ariaSelected = String(button.textContent === name);
    button.tabIndex = button.textContent === name ? 0 : -1;
    if (button.textContent === name) document.getElementById('code-panel').setAttribute('aria-labelledby', button.id);
  }
  changed();
}
choose(tab);

document.getElementById('copy').addEventListener('click', async () => {
  const copied = document.getElementById('copied');
  await navigator.clipboard.writeText(document.getElementById('code').textContent).then(
    () => (copied.textContent = 'Copied'),
    () => (copied.textContent = 'The browser does not allow it'),
  );
});
