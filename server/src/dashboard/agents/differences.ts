import { isDeepStrictEqual } from 'node:util';
import { agentFields, type AgentStanding } from '../../config/index.ts';
import type { AuditEntry } from '../../storage/index.ts';

/** What a change has made of what is stored, for the audit log: of actions their names alone. */
export function differences(before: AgentStanding | undefined, after: AgentStanding) {
  const [older, newer] = [before?.stored.fields ?? {}, after.stored.fields];
  const names = agentFields.filter((name) => !isDeepStrictEqual(older[name], newer[name]));
  const actions = [before?.stored.actions ?? [], after.stored.actions].map((list) => list.map(nameOf));
  const hasOther = !isDeepStrictEqual(before?.stored.actions ?? [], after.stored.actions);
  const pick = (fields: AgentStanding['stored']['fields'], at: 0 | 1) => ({
    ...Object.fromEntries(names.map((name) => [name, fields[name] ?? null])),
    ...(hasOther ? { actions: actions[at] } : {}),
  });
  return {
    changed: [...names, ...(hasOther ? ['actions'] : [])],
    revision: after.revision,
    previousRevision: before?.revision ?? null,
    before: pick(older, 0),
    after: pick(newer, 1),
  };
}

function nameOf({ settings }: AgentStanding['stored']['actions'][number]): string {
  const name = typeof settings === 'object' && settings !== null && 'name' in settings ? settings.name : undefined;
  return typeof name === 'string' ? name : '?';
}

/** What others have changed since a revision, and who; empty where the log does not go back so far. */
export function changesSince(revision: string | null, entries: readonly AuditEntry[]) {
  const fields = new Set<string>();
  const people = new Set<string>();
  for (const { kind, detail, operator } of entries) {
    if (kind !== 'agent-changed' && kind !== 'agent-created') continue;
    for (const name of Array.isArray(detail?.['changed']) ? detail['changed'] : []) fields.add(String(name));
    if (operator !== undefined) people.add(operator.name);
    if (detail?.['previousRevision'] === revision) return { fields: [...fields], people: [...people] };
  }
  return { fields: [], people: [] };
}
