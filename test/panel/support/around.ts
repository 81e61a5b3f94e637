import type { Mounted } from './mount.ts';
import { drawn, nameOf } from './mount.ts';

/** Resolves when a condition holds, which what is fetched on demand brings about. */
export async function until<T>(check: () => T, what: string): Promise<NonNullable<T>> {
  for (let frame = 0; frame < 1_200; frame++) {
    const value = check();
    if (value) return value;
    await new Promise(requestAnimationFrame);
  }
  throw new Error(`Waited in vain for ${what}`);
}

/** The entries of the menu, which has been opened. */
export const menuItems = ({ root }: Mounted): HTMLElement[] => [...root.querySelectorAll<HTMLElement>('.menu button')];

export async function openMenu(mounted: Mounted): Promise<HTMLElement[]> {
  mounted.find('.more').click();
  await until(() => menuItems(mounted).length > 0, 'the menu');
  return menuItems(mounted);
}

export async function chooseFromMenu(mounted: Mounted, name: string): Promise<void> {
  const item = (await openMenu(mounted)).find((each) => nameOf(each) === name);
  if (item === undefined) throw new Error(`The menu has no "${name}"`);
  item.click();
  await drawn(mounted.panel);
}

/** Shows the list of conversations, by the menu. Resolves with its rows. */
export async function openList(mounted: Mounted, name = 'Your conversations'): Promise<HTMLElement[]> {
  await chooseFromMenu(mounted, name);
  await until(() => mounted.root.querySelector('.list'), 'the list');
  await drawn(mounted.panel);
  return rowsOf(mounted);
}

export const rowsOf = ({ root }: Mounted): HTMLElement[] => [
  ...root.querySelectorAll<HTMLElement>('.rows [part=conversation]'),
];

export function press(target: EventTarget, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}
