/** Shows one state of the panel: `?state=streaming&theme=dark&dir=rtl&mode=floating&draft=text`. For eyes only. */
import '../../../src/panel/index.ts';
import { createFakeClient } from '../support/fake-client.ts';
import { states } from '../support/states.ts';

const query = new URLSearchParams(location.search);
const panel = document.createElement('chat-panel');
document.documentElement.dir = query.get('dir') ?? 'ltr';
document.body.append('A host page with a style of its own.');
Object.assign(panel, {
  client: createFakeClient(states[query.get('state') ?? 'empty']),
  mode: query.get('mode') ?? 'floating',
  theme: query.get('theme') ?? 'auto',
  clock: { now: () => 1_000_000_000_000, everySecond: () => () => undefined },
});
document.body.append(panel);
await panel.updateComplete;

const input = panel.renderRoot.querySelector('textarea');
if (input !== null) {
  input.value = query.get('draft') ?? '';
  input.dispatchEvent(new InputEvent('input'));
}
for (const button of panel.renderRoot.querySelectorAll('button')) {
  if (query.has('press') && button.ariaLabel === query.get('press')) button.click();
}
