/**
 * What the shell fetches when somebody is to be identified or means to chat. Dynamic imports with literal names, so that
 * each becomes a file of its own, and a page that nobody chats on pays for none. Fetched side by side.
 */
export const loadController = () => Promise.all([import('./controller.ts'), import('../client/index.ts')]);

export const loadPanel = () => import('../panel/index.ts');
