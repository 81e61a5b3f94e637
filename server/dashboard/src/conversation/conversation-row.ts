import { html, nothing, type TemplateResult } from 'lit';
import { path } from '../api/index.ts';
import { badge, foreignText, identityBadge, type IdentityKind, timeAgo } from '../elements/index.ts';
import { adoptStyles, css } from '../styles/index.ts';
import { type Conversation, visitorName } from './types.ts';

adoptStyles(css`
  .conversation-row .visitor-line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    min-inline-size: 0;
  }
  .conversation-row .visitor-line > bdi {
    max-inline-size: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .conversation-row.unread .visitor-line > bdi {
    font-weight: 650;
  }
  .conversation-row time {
    white-space: nowrap;
  }
  .conversation-row > .when,
  .conversation-row > .badge {
    justify-self: end;
  }
  .conversation-row .said {
    grid-column: 1;
    color: var(--_muted);
  }
  .conversation-row.unread .said {
    color: var(--_text);
  }
  .conversation-row .facts-line {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    min-inline-size: 0;
  }
  .conversation-row .facts-line > * {
    max-inline-size: 100%;
  }
`);

/** Whether it is proved who a visitor is, said, or not known at all. */
const identityOf = ({
  verified,
  contactName,
  contactEmail,
}: Pick<Conversation, 'verified' | 'contactName' | 'contactEmail'>): IdentityKind =>
  verified ? 'verified' : contactName === null && contactEmail === null ? 'anonymous' : 'self-reported';

/** A row of a list of conversations: a link to the conversation. `words`: what was searched for, to be marked. */
export function conversationRow(conversation: Conversation, words = ''): TemplateResult {
  const { id, unreadCount, updatedAt, lastMessage, found, title } = conversation;
  const isUnread = unreadCount > 0;
  return html`<a
    class=${isUnread ? 'listing-row conversation-row unread' : 'listing-row conversation-row'}
    href=${path`/dashboard/conversations/${id}`}
  >
    <span class="visitor-line"
      >${foreignText(visitorName(conversation))} ${identityBadge(identityOf(conversation))}
      ${stateBadges(conversation)}</span
    >
    <span class="small muted when">${timeAgo(updatedAt)}</span>
    <span class="said ellipsis">${excerpt(found?.text ?? (lastMessage || title), found ? words : '')}</span>
    ${isUnread ? badge(`${unreadCount > 99 ? '99+' : unreadCount} unread`, 'accent') : html`<span></span>`}
    ${factsLine(conversation)}
  </a>`;
}

/** Without the marks of Markdown, which say nothing here. Words are found by their beginnings. */
function excerpt(text: string, words: string): TemplateResult {
  const plain = text.replaceAll(/\*\*|__|`+/g, '');
  const parts = words
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  if (parts.length === 0) return foreignText(plain);
  const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}])(${parts.join('|')})`, 'giu');
  // By a group that splits, each second piece is one that was found.
  const pieces = plain.split(pattern);
  return html`<bdi>${pieces.map((piece, index) => (index % 2 === 1 ? html`<mark>${piece}</mark>` : piece))}</bdi>`;
}

function stateBadges({ handoff, status }: Conversation): unknown {
  const waits = handoff.state === 'requested' ? badge('Asks for a person', 'warning') : nothing;
  const person = handoff.state === 'active' ? badge(`With ${handoff.name?.trim() || 'a person'}`, 'accent') : nothing;
  return [waits, person, status === 'closed' ? badge('Closed') : nothing];
}

function factsLine({ agentName, site, assignee, contactEmail, contactName }: Conversation): TemplateResult {
  const email = contactName === null ? null : contactEmail;
  return html`<span class="facts-line small muted">
    <bdi class="ellipsis">${agentName}</bdi>
    ${site === null ? nothing : html`<bdi class="ellipsis">${hostOf(site)}</bdi>`}
    ${email === null ? nothing : html`<bdi class="ellipsis">${email}</bdi>`}
    ${assignee === null ? nothing : html`<span>Assigned to <bdi>${assignee.name ?? 'somebody who has left'}</bdi></span>`}
  </span>`;
}

const hostOf = (site: string): string => URL.parse(site)?.host || site;
