import { LitElement } from 'lit';
import { includesRole, type Operator, type Role, session } from './api/index.ts';

/**
 * What every page is: an element without a shadow root that draws itself by `render()`. The app makes one for each address
 * and sets what stands here before it is connected. While the address stays and only its query changes, the page stays
 * too, and `query` changes.
 */
export class DashboardPage extends LitElement {
  static override readonly properties = { params: { attribute: false }, query: { attribute: false } };

  /** The parts of the address that the route names, decoded. */
  params: Readonly<Record<string, string>> = {};
  query = new URLSearchParams();

  protected override createRenderRoot(): this {
    return this;
  }

  /** A part of the address that the route has. */
  param(name: string): string {
    const value = this.params[name];
    if (value === undefined)
      throw new TypeError(`The route of <${this.localName}> names no “${name}”: see src/routes.ts`);
    return value;
  }

  /** Who is signed in; null on public pages. */
  get operator(): Operator | null {
    return session.current?.operator ?? null;
  }

  /** Whether who is signed in may do what `role` may. The server decides; this is for what to show. */
  may(role: Role): boolean {
    const { operator } = this;
    return operator !== null && includesRole(operator.role, role);
  }

  /** The title of the window, where it says more than the route's: the name of what is shown. */
  setTitle(title: string): void {
    document.title = windowTitle(title);
  }
}

export const windowTitle = (title: string): string => `${title} · Chat dashboard`;
