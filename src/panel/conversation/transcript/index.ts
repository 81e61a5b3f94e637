import type { ChatClient } from '../../../client/index.ts';
import type { ConversationView as View } from '../conversation-view.ts';
import { saveFile } from '../files/save-file.ts';
import { fileName } from './file-name.ts';
import { transcript } from './transcript.ts';

/**
 * Reads the whole conversation and hands it to the browser's downloads, unless another visitor has come meanwhile.
 *
 * @throws ChatError where it cannot be read
 */
export async function downloadTranscript(client: ChatClient, view: View, root: ShadowRoot): Promise<void> {
  const { epoch, conversationId, conversations } = client.snapshot;
  const { name, strings, locale, now } = view;
  const messages = await client.allMessages(conversationId);
  if (client.snapshot.epoch !== epoch) return;
  const title = conversations.find(({ id }) => id === conversationId)?.title ?? '';
  const text = transcript({ messages, name, title, strings, locale, now, pageUrl: document.baseURI });
  saveFile(new Blob([text], { type: 'text/plain;charset=utf-8' }), fileName(strings.transcriptOf(name), now), root);
}
