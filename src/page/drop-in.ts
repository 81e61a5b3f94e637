import type { ChatWidgetElement, WidgetOptions } from '../shell/index.ts';
import type { ChatApi } from './api.ts';

/** What a snippet for another chat says: options of ours, and its own. */
type ForeignOptions = { readonly [name: string]: unknown };

type DropIn = {
  /** Whose snippet it is, for the warning. */
  readonly chat: string;
  /** What it calls the agent. */
  readonly agentId: string;
  /** Options without which nothing is lost: who owns the agent, where its server is, how large its window. */
  readonly dropped: readonly string[];
};

/**
 * The chats whose snippets run here as they are (docs/drop-in.md), each by what is its own. What they have in common with
 * this one needs no line: `init`, `identify`, `logout`, `data-user-token`, and all attributes of Applied's element.
 */
const dropIns: readonly DropIn[] = [
  { chat: 'Hilal', agentId: 'botId', dropped: ['orgId', 'organizationId'] },
  { chat: 'Widgent', agentId: 'productId', dropped: ['serviceKey'] },
  { chat: 'BestChatBot', agentId: 'apiKey', dropped: [] },
  { chat: 'Wonderchat', agentId: 'id', dropped: ['name', 'address', 'widgetSize', 'widgetButtonSize'] },
];

/** As an object, so that an option that widgets come to have and that is missing here is a type error. */
const ours: { readonly [name in keyof Required<WidgetOptions>]: true } = {
  agentId: true,
  server: true,
  endpoint: true,
  endpointType: true,
  endpointModel: true,
  agentName: true,
  greeting: true,
  userToken: true,
  tokenProvider: true,
  tokenUrl: true,
  signInUrl: true,
  userName: true,
  userEmail: true,
  metadata: true,
  mode: true,
  position: true,
  theme: true,
  density: true,
  locale: true,
  strings: true,
  unreadTitle: true,
  loading: true,
  open: true,
};

/**
 * `init` with options that name no agent in our words: those of another chat's snippet, or those that are meant for the
 * widget of a script tag, which adds it when the whole page is there.
 *
 * @throws TypeError where there is no such widget either
 */
export function initLater(options: ForeignOptions, api: ChatApi): Promise<ChatWidgetElement> {
  const dropIn = dropIns.find(({ agentId }) => options[agentId]);
  return dropIn === undefined ? initPresent(options, api) : api.init(translate(options, dropIn));
}

async function initPresent(options: WidgetOptions, api: ChatApi): Promise<ChatWidgetElement> {
  if (document.readyState === 'loading') {
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
  }
  // Without a widget it has none.
  if (api.state === undefined) throw new TypeError('init({ agentId }): say which agent of the server is to answer');
  return api.init(options);
}

/** The options of a snippet for another chat in our words. What has no counterpart is left out, and named on the console. */
function translate(options: ForeignOptions, dropIn: DropIn): WidgetOptions {
  const known: { [name: string]: unknown } = { agentId: options[dropIn.agentId] };
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (Object.hasOwn(ours, name)) known[name] = value;
    else if (name !== dropIn.agentId && !dropIn.dropped.includes(name)) unknown.push(name);
  }
  if (unknown.length > 0) console.warn(`chat-widget: not known here, of ${dropIn.chat}: ${unknown.join(', ')}`);
  return known;
}
