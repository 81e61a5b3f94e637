/**
 * What the shell fetches when somebody means to chat. Dynamic imports with literal names, so that a bundler gives each a
 * file of its own and a page that nobody chats on pays for none.
 */
export const loadClient = () => import('../client/index.ts');
export const loadPanel = () => import('../panel/index.ts');
