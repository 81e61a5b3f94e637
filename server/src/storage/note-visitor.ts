import type { Trx } from './backend.ts';
import { contactText } from './contact-texts.ts';
import type { ConversationTable } from './schema.ts';
import { indexVisitor } from './search-index.ts';
import type { VisitorFacts } from './store.ts';
import { preview, unescapeKey } from './text.ts';

const maxSiteCharacters = 255;

type Noted = Pick<
  ConversationTable,
  'id' | 'agent_id' | 'owner_kind' | 'owner_id' | 'site' | 'contact_name' | 'contact_email' | 'next_position'
>;

/** Keeps who a conversation's visitor is, as operators see and find them. Wants the conversation's lock to be held. */
export async function noteVisitor(trx: Trx, conversation: Noted, facts: VisitorFacts = {}): Promise<void> {
  const { site, contact_name: name, contact_email: email } = conversation;
  const isNew = conversation.next_position === 1;
  const noted = {
    site: site ?? (isNew && facts.site !== undefined ? preview(facts.site, maxSiteCharacters) : null),
    contact_name: contactText(facts.name) ?? name,
    contact_email: contactText(facts.email) ?? email,
  };
  const isKnown = noted.contact_name === name && noted.contact_email === email;
  if (isKnown && !isNew) return;
  await trx.updateTable('conversations').set(noted).where('id', '=', conversation.id).execute();
  await indexOwner(trx, { ...conversation, ...noted });
}

/** What its visitor is found by: name and e-mail address, and the subject where they are verified. */
export async function indexOwner(
  trx: Trx,
  row: Pick<ConversationTable, 'id' | 'agent_id' | 'owner_kind' | 'owner_id' | 'contact_name' | 'contact_email'>,
): Promise<void> {
  const subject = row.owner_kind === 'subject' ? unescapeKey(row.owner_id) : null;
  const place = { agentId: row.agent_id, conversationId: row.id };
  await indexVisitor(trx, place, [row.contact_name, row.contact_email, subject]);
}
