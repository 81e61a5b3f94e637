import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A host's own site, of which every page has the chat, with a backend of the host's own behind it. */
export type EndpointSite = { readonly url: string; close(): void };

/** @param chatUrl where the widget's files come from; nothing else is asked of that server */
export async function startEndpointSite(
  chatUrl: string,
  { endpoint, endpointType }: { readonly endpoint: string; readonly endpointType: string },
): Promise<EndpointSite> {
  const widget = `<script async src="${chatUrl}/widget/chat.js" data-endpoint="${endpoint}"
    data-endpoint-type="${endpointType}" data-agent-name="Fernhill" data-greeting="Ask our own model."></script>`;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><html lang="en"><title>Host</title><body><h1>A shop</h1>${widget}</body></html>`);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
