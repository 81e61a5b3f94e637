import 'chat-widget';
import { Component, computed, CUSTOM_ELEMENTS_SCHEMA, inject, InjectionToken, signal } from '@angular/core';
import { fetchToken, signIn, signOut, type Account, type ChatSettings, type User } from '../../shared/shop.ts';

export const settings = new InjectionToken<ChatSettings>('where the chat is');

@Component({
  selector: 'app-support',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>The chat in Angular</h1>
    <p>
      The shop knows <b id="user">{{ user()?.name ?? 'nobody' }}</b
      >, the chat is <b id="identity">{{ identity() }}</b
      >.
    </p>
    <nav>
      <button (click)="enter('ada')">Sign in as Ada</button>
      <button (click)="enter('grace')">Sign in as Grace</button>
      <button (click)="leave()">Sign out</button>
      <button (click)="isThere.set(!isThere())">{{ isThere() ? 'Remove the chat' : 'Add the chat' }}</button>
    </nav>
    <p id="notice">{{ notice() }}</p>
    @if (isThere()) {
      <chat-widget
        [attr.agent-id]="chat.agentId"
        [attr.server]="chat.server"
        [attr.metadata]="metadata"
        [suggestions]="suggestions"
        [tokenProvider]="tokenProvider()"
        (chat-identity-changed)="identity.set($event.detail.state)"
        (chat-sign-in-requested)="notice.set('The chat asks you to sign in.')"
        (chat-message-sent)="notice.set('Sent: ' + $event.detail.id)"
      ></chat-widget>
    }
  `,
})
export class Support {
  readonly chat = inject(settings);
  readonly suggestions = ['Which plants are easy?', 'How do I return something?'];
  readonly metadata = JSON.stringify({ page: 'angular' });

  readonly user = signal<User | undefined>(undefined);
  readonly identity = signal('anonymous');
  readonly notice = signal('');
  readonly isThere = signal(true);
  /** Another function for another user identifies anew; none signs out. */
  readonly tokenProvider = computed(() => (this.user() ? () => fetchToken() : undefined));

  async enter(account: Account): Promise<void> {
    this.user.set(await signIn(account));
  }

  async leave(): Promise<void> {
    await signOut();
    this.user.set(undefined);
  }
}
