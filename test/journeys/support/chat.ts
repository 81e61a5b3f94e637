import type { Locator, Page } from 'playwright-core';

/** The widget on a page, as a visitor sees it. Playwright's locators look into open shadow roots. */
export type Chat = {
  readonly launcher: Locator;
  readonly panel: Locator;
  readonly composer: Locator;
  readonly sendButton: Locator;
  /** What the visitor wrote, and what was answered. */
  readonly own: Locator;
  readonly replies: Locator;
  readonly notices: Locator;
  readonly greeting: Locator;
  /** "Signed in as …", "… · not verified". */
  readonly identity: Locator;
  button(name: string): Locator;
  open(): Promise<void>;
  /** `open`, and begins a new conversation where there is one already. */
  openNew(): Promise<void>;
  /** Writes a message and sends it. */
  say(text: string): Promise<void>;
  /** `say`, and waits for the whole answer. Resolves with its text. */
  ask(text: string): Promise<string>;
  /** Resolves when no answer is being written and there are so many. */
  answered(count: number): Promise<void>;
};

export function chatOn(page: Page): Chat {
  // By its second name it stands on pages that were written for another chat.
  const widget = page.locator('chat-widget, applied-chat-widget');
  const composer = widget.getByRole('textbox', { name: 'Your message' });
  const replies = widget.locator('[part~=agent-message]');
  const chat: Chat = {
    launcher: widget.locator('[part=launcher]'),
    panel: widget.locator('[part=panel]'),
    composer,
    sendButton: widget.getByRole('button', { name: 'Send', exact: true }),
    own: widget.locator('[part~=user-message]'),
    replies,
    notices: widget.locator('[part=notice]'),
    greeting: widget.locator('[part=greeting]'),
    identity: widget.locator('[part=identity]'),
    button: (name) => widget.getByRole('button', { name, exact: true }),
    async open() {
      await chat.launcher.click();
      await composer.waitFor();
    },
    async openNew() {
      await chat.open();
      const begin = chat.button('New conversation');
      await chat.greeting.or(begin).first().waitFor();
      if (await begin.isVisible()) await begin.click();
      await chat.greeting.waitFor();
    },
    async say(text) {
      await composer.fill(text);
      await composer.press('Enter');
    },
    async ask(text) {
      const before = await replies.count();
      await chat.say(text);
      await chat.answered(before + 1);
      return replies.nth(before).innerText();
    },
    async answered(count) {
      await replies.nth(count - 1).waitFor();
      await chat.sendButton.waitFor();
      await replies.locator('[part=typing]').waitFor({ state: 'detached' });
    },
  };
  return chat;
}
