import { element } from './element.js';

const maxNotes = 30;

/** A list of what happened in the chat, newest first. What it shows comes from event details, which never hold a token. */
export function createNotes() {
  const list = element('ol', { class: 'notes', id: 'event-log' }, element('li', { class: 'muted' }, 'Nothing yet.'));
  let count = 0;
  return {
    list,
    add: (text) => {
      if (count++ === 0) list.replaceChildren();
      const time = element('time', {}, new Date().toLocaleTimeString());
      list.prepend(element('li', {}, time, ' ', element('code', {}, text)));
      if (list.childElementCount > maxNotes) list.lastElementChild.remove();
    },
  };
}
