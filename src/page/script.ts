import { ChatWidgetElement } from '../shell/index.ts';
import { define, findWidget, install, replay } from './api.ts';

// The script tag: `<script async src="https://chat.example.com/widget/chat.js" data-agent-id="acme"></script>`
// Asked of the interface: of the document itself an `<img name="currentScript">` would answer, which may be a visitor's.
const script = Reflect.get(Document.prototype, 'currentScript', document) as HTMLScriptElement;
const {
  global,
  manual,
  server = script.src,
  identityToken,
  userToken = identityToken,
  ...options
} = { ...script.dataset };
ChatWidgetElement.defaultServer = server;
// Whatever the page has said, or says from here on, is later than its markup.
const chat = install(global, userToken ? [['identify', userToken]] : []);

// A tag that does not call the agent as we do may be part of a snippet for another chat (docs/drop-in.md), whose next
// line may call any of these.
if (!(options['agentId'] || options['endpoint']) || identityToken) {
  const page = window as unknown as { [name: string]: unknown; chatbotIdentify?: { q?: ArrayLike<[]> } };
  // An element of that name has no list of calls, whatever its `q` is.
  for (const call of Array.from(page.chatbotIdentify?.q ?? [])) replay(chat.identify, call);
  page.chatbotIdentify = chat.identify as object;
  install('widgent');
  page['HilalChat'] ??= chat;
  page['applied'] ??= chat;
  define('applied-chat-widget', class extends ChatWidgetElement {});
}

/** Waits for the whole page: a `<chat-widget>` further down makes another one superfluous. */
function begin(): void {
  const agent = options['agentId'] || options['botId'] || options['id'] || options['apiKey'] || options['endpoint'];
  if (!findWidget() && manual === undefined && agent) void chat.init(options);
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
else begin();
