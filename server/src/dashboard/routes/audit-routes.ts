import { auditKinds, type AuditFilter, type AuditRow } from '../../storage/index.ts';
import { readTime } from '../conversations/inbox-filter.ts';
import { csvHead, csvLines, exportResponse, jsonLines } from '../export-stream.ts';
import { invalidField } from '../problem.ts';
import { readPage } from '../read-input.ts';
import { isoTime, json, type DashboardRoute, type OperatorCall } from '../route.ts';
import { noSuchAgent } from '../scope.ts';

/** What was done, and by whom. */
export const auditRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/audit', role: 'operator', handle: list },
  { method: 'GET', path: '/export/audit.csv', role: 'operator', handle: (call) => download(call, 'csv') },
  { method: 'GET', path: '/export/audit.jsonl', role: 'operator', handle: (call) => download(call, 'jsonl') },
];

const maxTextCharacters = 1_000;

async function list(call: OperatorCall): Promise<Response> {
  const { rows, nextBefore } = await call.services.store.audit.page(readFilter(call), readPage(call.query));
  const people = await namesOf(call, rows);
  return json({ entries: rows.map((row) => describe(call, row)), people, nextBefore });
}

function describe({ services }: OperatorCall, row: AuditRow) {
  const { id, at, agentId, kind, subject = null, reason = null, detail = null, operator = null } = row;
  const agentName = agentId === '' ? null : (services.agents.find(agentId)?.name ?? agentId);
  return {
    id: String(id),
    at: isoTime(at),
    agentId: agentId || null,
    agentName,
    kind,
    subject,
    reason,
    detail,
    operator,
  };
}

/** Of the people whom these entries are about, as they are called now. */
async function namesOf(
  { services }: OperatorCall,
  rows: readonly AuditRow[],
): Promise<{ readonly [id: string]: string }> {
  const ids = new Set(rows.flatMap(({ detail = {} }) => aboutNames.map((name) => detail[name])));
  if ([...ids].every((id) => typeof id !== 'string')) return {};
  const people = await services.store.operators.list();
  return Object.fromEntries(people.filter(({ id }) => ids.has(id)).map(({ id, name }) => [id, name]));
}

/** Where an entry may name an operator beside who did it. */
const aboutNames = ['operatorId', 'before', 'after', 'from'] as const;

/** @throws DashboardProblem `invalid_input` beside the filter; `not_found` for an agent that is not this operator's */
function readFilter(call: OperatorCall): AuditFilter {
  const kind = call.query('kind');
  const known = auditKinds.find((each) => each === kind);
  if (kind !== undefined && known === undefined) throw invalidField('kind', 'is no kind of entry');
  return {
    agentIds: readAgents(call),
    kinds: known === undefined ? undefined : [known],
    operatorId: readText(call, 'operator'),
    subject: readText(call, 'subject'),
    from: readTime(call, 'from'),
    to: readTime(call, 'to'),
  };
}

/** What belongs to no agent, such as who may sign in, is for administrators of all. Entries outlive their agent. */
function readAgents({ query, operator, maySee }: OperatorCall): AuditFilter['agentIds'] {
  const agentId = query('agent');
  if (agentId !== undefined && !maySee(agentId)) throw noSuchAgent();
  if (agentId !== undefined) return [agentId];
  return operator.agentIds ?? (operator.role === 'admin' ? null : 'some');
}

function readText({ query }: OperatorCall, name: string): string | undefined {
  const text = query(name);
  if ((text?.length ?? 0) > maxTextCharacters)
    throw invalidField(name, `must have at most ${maxTextCharacters} characters`);
  return text;
}

/** Columns of the export, and fields of each of its lines. */
const fields = ['at', 'agentId', 'kind', 'operatorId', 'operatorName', 'subject', 'reason', 'detail'] as const;

async function download(call: OperatorCall, ending: 'csv' | 'jsonl'): Promise<Response> {
  const filter = readFilter(call);
  const agentId = call.query('agent');
  await call.audit('audit-exported', { ...(agentId === undefined ? {} : { agentId }), detail: { format: ending } });
  return exportResponse(call, { name: 'audit', ending, texts: write(call, filter, ending) });
}

async function* write({ services, signal }: OperatorCall, filter: AuditFilter, ending: 'csv' | 'jsonl') {
  if (ending === 'csv') yield csvHead(fields);
  let before: string | undefined;
  do {
    signal.throwIfAborted();
    const { rows, nextBefore } = await services.store.audit.page(filter, { limit: 500, before });
    const records = rows.map(recordOf);
    if (records.length > 0) yield ending === 'csv' ? csvLines(fields, records.map(cellsOf)) : jsonLines(records);
    before = nextBefore ?? undefined;
  } while (before !== undefined);
}

function recordOf({ at, agentId, kind, operator, subject, reason, detail }: AuditRow) {
  return {
    at: isoTime(at),
    agentId,
    kind,
    operatorId: operator?.id ?? '',
    operatorName: operator?.name ?? '',
    subject: subject ?? '',
    reason: reason ?? '',
    detail: detail ?? null,
  };
}

const cellsOf = ({ detail, ...record }: ReturnType<typeof recordOf>) => ({
  ...record,
  detail: detail === null ? '' : JSON.stringify(detail),
});
