import { html, nothing, type TemplateResult } from 'lit';
import { api, includesRole, path, session } from '../api/index.ts';
import { announce, confirmDialog, icon } from '../elements/index.ts';
import { navigate } from '../navigation.ts';

/** For administrators: deleting a conversation. A verified visitor's page deletes all of theirs at once. */
export function conversationPrivacy(conversationId: string): TemplateResult | typeof nothing {
  const { operator } = session.current ?? {};
  if (!operator || !includesRole(operator.role, 'admin')) return nothing;
  return html`<div>
    <button type="button" class="button quiet small danger" @click=${() => remove(conversationId)}>
      ${icon('trash')}Delete this conversation
    </button>
  </div>`;
}

async function remove(conversationId: string): Promise<void> {
  const done = await confirmDialog({
    heading: 'Delete this conversation?',
    text: 'All that was said and sent in it is deleted for good, for its visitor too. This cannot be undone.',
    confirm: 'Delete for good',
    danger: true,
    action: () => api.delete(path`conversations/${conversationId}`),
  });
  if (!done) return;
  navigate('/dashboard/inbox');
  announce('Conversation deleted');
}
