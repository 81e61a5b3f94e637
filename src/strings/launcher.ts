/** What the launcher is called, which is there before any other text. */
export const launcher = {
  launcher: 'Chat',
  launcherUnread: (count: number) => `Chat, ${count} unread`,
};
