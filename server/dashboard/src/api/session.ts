import { api } from './api.ts';

/** What somebody may do; each includes those before it. */
export type Role = 'viewer' | 'operator' | 'admin';

export type Operator = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** The agents that this person sees; null: all. */
  readonly agentIds: readonly string[] | null;
};

export type Session = {
  readonly operator: Operator | null;
  /** Nobody has opened the first administrator's link yet. */
  readonly needsSetup: boolean;
  readonly oidc: { readonly label: string } | null;
};

const ranks: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, admin: 3 };

/** Whether `role` includes what `needed` may do. */
export const includesRole = (role: Role, needed: Role): boolean => ranks[role] >= ranks[needed];

/** Who is signed in. One for the page; pages get the operator as a property, see DashboardPage. */
class SessionStore extends EventTarget {
  #current: Session | undefined;
  #hasEnded = false;

  get current(): Session | undefined {
    return this.#current;
  }

  /** True where a session that was open in this page is no more, without anybody having signed out here. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async load(): Promise<Session> {
    const session = await api.get<Session>('session');
    this.#hasEnded = false;
    this.#set(session);
    return session;
  }

  async signOut(): Promise<void> {
    await api.delete('session');
    this.forget();
  }

  /** The server no longer knows the session. */
  end(): void {
    if (!this.#current?.operator) return;
    this.#hasEnded = true;
    this.forget();
  }

  /** Nobody is signed in any more. */
  forget(): void {
    if (this.#current?.operator) this.#set({ ...this.#current, operator: null });
  }

  #set(session: Session): void {
    this.#current = session;
    this.dispatchEvent(new Event('change'));
  }
}

export const session = new SessionStore();
