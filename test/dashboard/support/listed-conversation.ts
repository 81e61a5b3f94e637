import type { Conversation } from '../../../server/dashboard/src/conversation/index.ts';

/** As the inbox is told of it. */
export const conversation = (id: string, more: Partial<Conversation> = {}): Conversation => ({
  id,
  agentId: 'shop',
  agentName: 'Shop',
  verified: true,
  subject: `user-${id}`,
  contactName: `Visitor ${id}`,
  contactEmail: null,
  site: 'https://shop.example',
  title: 'Where is it?',
  lastMessage: 'It is on its way.',
  status: 'open',
  assignee: null,
  handoff: { state: 'none' },
  createdAt: '2026-11-03T14:00:00.000Z',
  updatedAt: '2026-11-03T14:05:00.000Z',
  unreadCount: 0,
  ...more,
});
