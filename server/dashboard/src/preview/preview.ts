import type { AgentInfo } from '../../../../src/protocol/index.ts';
import { type PreviewDraft, readDraft } from './draft.ts';

/** Looks that the element takes at any moment; all else it reads once, with the agent. */
const attributes = ['theme', 'position', 'density'] as const;
const settleMs = 300;

let draft: PreviewDraft | undefined;
let shown = '';
let waiting: ReturnType<typeof setTimeout> | undefined;

const serverFetch = window.fetch.bind(window);

/** The widget is the real one. What it asks of its agent is answered as if the draft had been saved already. */
window.fetch = async (input, init) => {
  const current = draft;
  const address = input instanceof Request ? input.url : String(input);
  const isAgent = current !== undefined && isAddressOf(address, current.agentId);
  if (!isAgent) return serverFetch(input, init);
  const response = await serverFetch(input, { ...init, cache: 'no-store' });
  if (!response.ok) return response;
  return Response.json(withDraft((await response.json()) as AgentInfo, current));
};

function isAddressOf(address: string, agentId: string): boolean {
  const { origin, pathname } = new URL(address, location.href);
  return origin === location.origin && pathname === `/v1/agents/${encodeURIComponent(agentId)}`;
}

function withDraft(agent: AgentInfo, { name, greeting, suggestions, appearance }: PreviewDraft): AgentInfo {
  const { translations: _, ...rest } = agent;
  const { theme: _theme, position: _position, density: _density, accent: _accent, ...looks } = appearance;
  // An agent for verified visitors alone would show nobody more than where to sign in.
  return { ...rest, name, greeting, suggestions, appearance: looks, access: 'open' };
}

function show(next: PreviewDraft): void {
  draft = next;
  const { theme: _theme, position: _position, density: _density, accent: _accent, ...looks } = next.appearance;
  const content = JSON.stringify([next.agentId, next.name, next.greeting, next.suggestions, looks]);
  const widget = document.querySelector<HTMLElement>('chat-widget');
  if (widget) wear(widget, next);
  if (content === shown) return;
  shown = content;
  clearTimeout(waiting);
  waiting = setTimeout(renew, widget === null ? 0 : settleMs);
}

/** Anew, because a widget reads its agent once. In a conversation of its own, so that the greeting is what is seen. */
function renew(): void {
  if (!draft) return;
  const old = document.querySelector<HTMLElement & { open?: boolean }>('chat-widget');
  const isOpen = old === null || old.open === true;
  old?.remove();
  const widget = document.createElement('chat-widget');
  widget.setAttribute('agent-id', draft.agentId);
  widget.setAttribute('unread-title', 'off');
  widget.toggleAttribute('open', isOpen);
  wear(widget, draft);
  document.body.append(widget);
}

function wear(widget: HTMLElement, { appearance }: PreviewDraft): void {
  for (const name of attributes) {
    const value = appearance[name];
    if (value === undefined) widget.removeAttribute(name);
    else if (widget.getAttribute(name) !== value) widget.setAttribute(name, value);
  }
  const { accent } = appearance;
  // As the widget itself does: what is no colour is left out.
  if (accent !== undefined && CSS.supports('color', accent)) widget.style.setProperty('--chat-accent', accent);
  else widget.style.removeProperty('--chat-accent');
}

addEventListener('message', ({ origin, source, data }) => {
  if (origin !== location.origin || source !== window.parent) return;
  const next = readDraft(data);
  if (next) show(next);
});

if (window.parent !== window) window.parent.postMessage({ type: 'chat-preview-ready' }, location.origin);
