/**
 * The snippets of the five documents, word for word. Two documents have lost theirs: BestChatBot's and Wonderchat's name what is
 * to be called or written, and print no line of it.
 */
const printed = {
  appliedElement: `<applied-chat-widget
agent-id="your-agent-id"
contact-context-token="YOUR_JWT"
></applied-chat-widget>`,

  appliedMetadata: `<!-- context and groups are stripped server-side when a verified identity is active; data is sent as-is -->
<applied-chat-widget
agent-id="your-agent-id"
contact-context-token="YOUR_JWT"
metadata='{"context":{"firstName":"Ignored"},"data":{"orderId":"12345"}}'
></applied-chat-widget>`,

  appliedLogout: `window.applied.logout();`,

  hilalScript: `<script
  src="https://cdn.hilalsoftware.tools/chat_v3.js"
  data-org-id="org_..."
  data-bot-id="bot_..."
  data-user-token="eyJhbGciOiJIUzI1NiIs..."
></script>`,

  hilalInit: `window.HilalChat.init({
  organizationId: 'org_...',
  botId: 'bot_...',
  userToken: 'eyJhbGciOiJIUzI1NiIs...'
});`,

  widgent: `// Initialize the widget first
window.widgent.init({
productId: 'YOUR_PRODUCT_ID',
serviceKey: 'YOUR_SERVICE_KEY',
});
// Then identify the user
const { token } = await fetch('/api/widgent-token', { method: 'POST' }).then(r => r.json());
window.widgent('identify', token);`,
} as const;

/** What an author puts in: nothing else of a snippet changes. */
export type OwnValues = { readonly agent: string; readonly token: string; readonly src?: string };

/** A snippet with the author's own id and token, and the address of our script. */
export function printedSnippet(name: keyof typeof printed, { agent, token, src = '' }: OwnValues): string {
  return printed[name]
    .replace('https://cdn.hilalsoftware.tools/chat_v3.js', src)
    .replace(/your-agent-id|bot_\.\.\.|YOUR_PRODUCT_ID/, agent)
    .replace(/YOUR_JWT|eyJhbGciOiJIUzI1NiIs\.\.\./, token);
}
