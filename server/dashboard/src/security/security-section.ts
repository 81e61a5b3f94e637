import { LitElement } from 'lit';
import { includesRole, session } from '../api/index.ts';

/** A part of an agent's security page. Without a shadow root, as pages are. */
export class SecuritySection extends LitElement {
  static override readonly properties = { agentId: { attribute: false } };

  agentId = '';

  protected override createRenderRoot(): this {
    return this;
  }

  /** Administrators change; operators look. */
  get isAdmin(): boolean {
    const { operator } = session.current ?? {};
    return operator ? includesRole(operator.role, 'admin') : false;
  }
}
