import { Menu, type MenuHost } from './menu.ts';

export type { Menu };
export type { MenuItem } from './menu.ts';

export function createMenu(host: MenuHost): Menu {
  return new Menu(host);
}
