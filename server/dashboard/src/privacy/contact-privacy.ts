import { html, nothing, type TemplateResult } from 'lit';
import { api, apiAddress, includesRole, path, session } from '../api/index.ts';
import { announce, confirmDialog, icon } from '../elements/index.ts';
import { navigate } from '../navigation.ts';
import { adoptStyles, css } from '../styles/index.ts';

type Contact = { readonly agentId: string; readonly subject: string };

type Answer = {
  readonly removed: { readonly conversations: number; readonly attachments: number; readonly filesPending: boolean };
};

adoptStyles(css`
  .privacy-choices {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(260px, 100%), 1fr));
    gap: 20px;
  }
  .privacy-choices > div {
    display: grid;
    align-content: start;
    justify-items: start;
    gap: 10px;
  }
`);

/** For administrators: handing out everything of a contact, and deleting it. */
export function contactPrivacy(contact: Contact): TemplateResult | typeof nothing {
  const { operator } = session.current ?? {};
  if (!operator || !includesRole(operator.role, 'admin')) return nothing;
  const file = apiAddress(path`export/contacts/${contact.agentId}/${contact.subject}.json`);
  return html`<section class="card" aria-labelledby="privacy-heading">
    <header>
      <h2 id="privacy-heading">Privacy</h2>
      <p>When somebody asks what you keep of them, or wants to be forgotten.</p>
    </header>
    <div class="privacy-choices">
      <div>
        <p>Their claims, all conversations and files, and what the audit log says of them, as one JSON file.</p>
        <a class="button" href=${file} download>${icon('download')}Export everything</a>
      </div>
      <div>
        <p>The same, deleted for good. The audit log keeps that somebody was deleted, and not who.</p>
        <button type="button" class="button danger" @click=${() => remove(contact)}>
          ${icon('trash')}Delete this contact
        </button>
      </div>
    </div>
  </section>`;
}

async function remove(contact: Contact): Promise<void> {
  let answer: Answer | undefined;
  const done = await confirmDialog({
    heading: 'Delete this contact?',
    text: 'Their conversations, files, claims and the notes about them are deleted for good. This cannot be undone.',
    confirm: 'Delete for good',
    danger: true,
    typed: contact.subject,
    action: async () => {
      answer = await api.delete<Answer>(path`contacts/${contact.agentId}/${contact.subject}`, {
        confirm: contact.subject,
      });
    },
  });
  if (!done) return;
  navigate('/dashboard/contacts');
  const waiting = answer?.removed.filesPending === true;
  announce(
    waiting
      ? 'Deleted. Where the files are kept does not answer at the moment: their content goes as soon as it does.'
      : 'Deleted, with everything of theirs',
  );
}
