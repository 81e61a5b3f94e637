import { html } from 'hono/html';
import type { User } from '../../server/users.ts';
import { agentId } from '../chat-embed.ts';
import type { Html } from '../layout.ts';

export type SnippetParts = {
  /** Address of the script: all that differs from what the chat's document prints. */
  readonly src: string;
  readonly nonce: string;
  readonly user: User;
  /** Signed for this page view. */
  readonly token: string;
};

export type DropIn = {
  /** Last part of the page's address. */
  readonly name: string;
  /** Whose snippet it is. */
  readonly chat: string;
  readonly document: string;
  readonly lead: string;
  readonly snippet: (parts: SnippetParts) => Html;
  /** What a visitor can do beside chatting: `data-action` of a button (`assets/drop-in-page.js`), and its words. */
  readonly action?: readonly [name: string, label: string];
};

const applied = ({ src, nonce, token }: SnippetParts): Html =>
  html`<applied-chat-widget
      agent-id="${agentId}"
      contact-context-token="${token}"
      metadata='{"context":{"firstName":"Ignored"},"data":{"orderId":"12345"}}'
    ></applied-chat-widget>
    <script nonce="${nonce}" src="${src}"></script>`;

const bestChatBot = ({ src, nonce }: SnippetParts): Html =>
  html`<script nonce="${nonce}" src="${src}" data-api-key="${agentId}"></script>
    <script type="module" nonce="${nonce}">
      const { token } = await fetch('/api/chat-token', { method: 'POST' }).then((r) => r.json());
      window.chat.identify(token);
    </script>`;

const hilal = ({ src, nonce, token, user }: SnippetParts): Html =>
  html`<script
    nonce="${nonce}"
    src="${src}"
    data-org-id="org_fernhill"
    data-bot-id="${agentId}"
    data-user-token="${token}"
    data-user-name="${user.name}"
    data-user-email="${user.email}"
  ></script>`;

const hilalInit = ({ src, nonce, token }: SnippetParts): Html =>
  html`<script nonce="${nonce}" src="${src}"></script>
    <script nonce="${nonce}">
      window.HilalChat.init({
        organizationId: 'org_fernhill',
        botId: '${agentId}',
        userToken: '${token}',
      });
    </script>`;

const widgent = ({ src, nonce }: SnippetParts): Html =>
  html`<script nonce="${nonce}" src="${src}"></script>
    <script type="module" nonce="${nonce}">
      // Initialize the widget first
      window.widgent.init({
        productId: '${agentId}',
        serviceKey: 'YOUR_SERVICE_KEY',
      });
      // Then identify the user
      const { token } = await fetch('/api/chat-token', { method: 'POST' }).then((r) => r.json());
      window.widgent('identify', token);
    </script>`;

const wonderchat = ({ src, nonce, token }: SnippetParts): Html =>
  html`<script
    nonce="${nonce}"
    src="${src}"
    data-name="wonderchat"
    data-id="${agentId}"
    data-identity-token="${token}"
    defer
  ></script>`;

export const dropIns: readonly DropIn[] = [
  {
    name: 'applied',
    chat: 'Applied',
    document: 'Chatbot Authentication',
    lead: 'An element of another name, with the token in an attribute, and a logout that the page calls.',
    snippet: applied,
    action: ['applied-logout', 'window.applied.logout()'],
  },
  {
    name: 'bestchatbot',
    chat: 'BestChatBot',
    document: 'Visitor Identity',
    lead: 'The page fetches the token and calls the widget. It goes out as Authorization: Bearer.',
    snippet: bestChatBot,
  },
  {
    name: 'hilal',
    chat: 'Hilal',
    document: 'JWT user identification',
    lead: 'Everything on the script tag: whose bot it is, which one, and the token.',
    snippet: hilal,
  },
  {
    name: 'hilal-init',
    chat: 'Hilal, by init()',
    document: 'JWT user identification',
    lead: 'The same in a call, in the line after the script.',
    snippet: hilalInit,
  },
  {
    name: 'widgent',
    chat: 'Widgent',
    document: 'Identity & User Context',
    lead: 'One call for the product, another for who it is, with a token that the page fetches.',
    snippet: widgent,
    action: ['widgent-identify', "window.widgent('identify', token)"],
  },
  {
    name: 'wonderchat',
    chat: 'Wonderchat',
    document: 'Identity Verification',
    lead: 'The token on the script tag, and as often as the page likes by a call.',
    snippet: wonderchat,
    action: ['chatbot-identify', 'chatbotIdentify(token)'],
  },
];
