import { html, nothing, type TemplateResult } from 'lit';
import { agentHeader } from '../agents/agent-header.ts';
import type { AgentList } from '../agents/types.ts';
import { api, Loader } from '../api/index.ts';
import { DashboardPage } from '../dashboard-page.ts';
import '../security/debugger-section.ts';
import '../security/keys-section.ts';
import '../security/origins-section.ts';
import '../security/policy-section.ts';
import '../security/refusals-section.ts';

/** An agent's keys and policy, its sites, and why tokens are refused. */
export class SecurityPage extends DashboardPage {
  /** For the name alone: each section says itself what is in its way. */
  readonly #agents = new Loader(this, (signal) => api.get<AgentList>('agents', { signal }));

  protected override render(): TemplateResult {
    const agentId = this.param('agentId');
    const name = this.#agents.value?.agents.find(({ id }) => id === agentId)?.name;
    const days = this.query.get('days') === '30' ? 30 : 1;
    return html`<div class="stack">
      ${agentHeader(this, name, 'How this agent knows who a visitor is, and whom it lets in.')}
      ${
        this.may('admin')
          ? html`<cw-keys-section .agentId=${agentId} @changed=${() => this.#reloadPolicy()}></cw-keys-section>`
          : nothing
      }
      <cw-policy-section .agentId=${agentId} @changed=${() => this.#reloadKeys()}></cw-policy-section>
      <cw-origins-section .agentId=${agentId}></cw-origins-section>
      <cw-debugger-section .agentId=${agentId}></cw-debugger-section>
      <cw-refusals-section .agentId=${agentId} .days=${days}></cw-refusals-section>
    </div>`;
  }

  #reloadPolicy(): void {
    void this.querySelector('cw-policy-section')?.reload();
  }

  #reloadKeys(): void {
    void this.querySelector('cw-keys-section')?.reload();
  }
}

if (!customElements.get('security-page')) customElements.define('security-page', SecurityPage);

declare global {
  interface HTMLElementTagNameMap {
    'security-page': SecurityPage;
  }
}
