import { tieBack } from './tie-back.ts';
import { tieTitle } from './tie-title.ts';
import type { ChatWidgetElement } from './element.ts';

/**
 * What ties a chat to the page around it: its title says what is unread, Back closes what fills a phone's screen. Fetched when
 * there is something to say, or to close. Returns the way out.
 */
export function createTies(element: ChatWidgetElement): () => void {
  const ends = [tieTitle(element), tieBack(element)];
  return () => {
    for (const end of ends) end();
  };
}
