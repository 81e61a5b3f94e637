import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { path } from '../api/index.ts';
import type { DashboardPage } from '../dashboard-page.ts';
import { pageHeader, tabs } from '../elements/index.ts';

/** Above every page about one agent: its name, and the way between these pages. */
export function agentHeader(page: DashboardPage, name: string | undefined, description: unknown): TemplateResult {
  const base = `/dashboard/${path`agents/${page.param('agentId')}`}`;
  const isAdmin = page.may('admin');
  const items = [
    ...(isAdmin ? [{ href: base, label: 'Settings' }] : []),
    { href: `${base}/install`, label: 'Install' },
    { href: `${base}/security`, label: 'Security' },
  ];
  return html`${pageHeader({ title: name ?? 'Agent', description })}
  ${page.may('operator') ? tabs('Pages of this agent', items) : nothing}`;
}
