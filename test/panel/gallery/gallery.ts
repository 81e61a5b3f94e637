import '@fontsource-variable/rubik/wght.css';
import '../../../src/panel/index.ts';
import { ChatWidgetElement } from '../../../src/shell/index.ts';
import { loadStrings } from '../../../src/strings/index.ts';
import { galleryNow } from '../support/conversation-states.ts';
import { createFakeClient } from '../support/fake-client.ts';
import { states } from '../support/states.ts';
import { scenes, type Look } from './scenes.ts';

customElements.define('chat-widget', ChatWidgetElement);

/** All that the panel fetches later, so that nothing has to be waited for that is not drawn. */
const rooms = [
  () => import('../../../src/markdown/index.ts'),
  () => import('../../../src/panel/conversation/index.ts'),
  () => import('../../../src/panel/conversation/attachments/index.ts'),
  () => import('../../../src/panel/conversation/files/index.ts'),
  () => import('../../../src/panel/conversation/gate/index.ts'),
  () => import('../../../src/panel/conversation/list/index.ts'),
  () => import('../../../src/panel/conversation/menu/index.ts'),
];

// One font for all machines, also for code.
const style = new CSSStyleSheet();
style.replaceSync(`
  body { margin: 0; background: #fff; color: #222; font: 16px 'Rubik Variable' }
  chat-panel, chat-widget { --chat-font: 'Rubik Variable'; --chat-font-mono: 'Rubik Variable' }
  @media (prefers-color-scheme: dark) { body { background: #000; color: #eee } }
`);
document.adoptedStyleSheets = [style];

/** Draws a scene in the place of the one before, and resolves when there is no more to come. */
async function show(name: string, look: Look = {}): Promise<void> {
  const scene = scenes.find((one) => one.name === name);
  if (scene === undefined) throw new Error(`no scene is called ${name}`);
  for (const old of document.querySelectorAll('chat-panel, chat-widget')) old.remove();
  document.documentElement.dir = look.dir ?? 'ltr';
  if (scene.state === undefined) {
    const widget = document.createElement('chat-widget');
    widget.setAttribute('theme', look.theme ?? 'auto');
    document.body.append(widget);
    return;
  }
  const panel = document.createElement('chat-panel');
  const { strings } = await loadStrings(look.locale ?? 'en', undefined, () => undefined);
  const client = createFakeClient(states[scene.state]);
  client.results.readAttachment = () => drawFern();
  Object.assign(panel, {
    client,
    strings,
    locale: look.locale ?? 'en',
    mode: look.mode ?? 'floating',
    theme: look.theme ?? 'auto',
    clock: { now: () => galleryNow, everySecond: () => () => undefined },
  });
  document.body.append(panel);
  await settle(panel.renderRoot);
  const input = panel.renderRoot.querySelector('textarea');
  if (scene.draft !== undefined && input !== null) {
    input.value = scene.draft;
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  }
  if (scene.pick !== undefined) await pick(panel.renderRoot, scene.pick);
  for (const selector of scene.press ?? []) {
    const button = panel.renderRoot.querySelector<HTMLElement>(selector);
    if (button === null) throw new Error(`${name}: nothing to press at ${selector}`);
    button.click();
    await settle(panel.renderRoot);
  }
  await settle(panel.renderRoot);
}

async function pick(root: ShadowRoot, names: readonly string[]): Promise<void> {
  const input = root.querySelector<HTMLInputElement>('input.pick');
  if (input === null) throw new Error('nothing takes files');
  const data = new DataTransfer();
  for (const name of names) {
    const type = name.endsWith('.png') ? 'image/png' : 'application/pdf';
    data.items.add(new File([type === 'image/png' ? await drawFern() : 'x'.repeat(20_000)], name, { type }));
  }
  input.files = data.files;
  input.dispatchEvent(new Event('change'));
}

/** What visitors' pictures show: leaves before a wall. */
function drawFern(): Promise<Blob> {
  const canvas = new OffscreenCanvas(640, 480);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('there is no canvas to paint on');
  const fill = (color: string, x: number, y: number, width: number, height: number): void => {
    context.fillStyle = color;
    context.fillRect(x, y, width, height);
  };
  fill('#d9cfc0', 0, 0, 640, 480);
  for (let leaf = 0; leaf < 9; leaf += 1) fill('#3f7d4e', 120 + leaf * 45, 80 + Math.abs(4 - leaf) * 30, 30, 240);
  fill('#a4552f', 200, 320, 240, 130);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** When nothing has changed for some frames. */
async function settle(root: ShadowRoot): Promise<void> {
  await Promise.all(rooms.map((load) => load()));
  let before = '';
  for (let quiet = 0; quiet < 4;) {
    await new Promise(requestAnimationFrame);
    quiet = root.innerHTML === before ? quiet + 1 : 0;
    before = root.innerHTML;
  }
}

await document.fonts.load('16px "Rubik Variable"');
await document.fonts.load('16px "Rubik Variable"', 'שלום');
Object.assign(globalThis, { show });
const query = new URLSearchParams(location.search);
await show(query.get('scene') ?? 'closed', Object.fromEntries(query));
