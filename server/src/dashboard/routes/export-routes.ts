import { exportFields, exportRecords, type ExportRecord } from '../conversations/export-records.ts';
import { readInboxFilter } from '../conversations/inbox-filter.ts';
import { csvHead, csvLines, exportResponse, jsonLines } from '../export-stream.ts';
import type { DashboardRoute, OperatorCall } from '../route.ts';

type Format = {
  readonly ending: 'csv' | 'jsonl';
  readonly start: string;
  readonly write: (records: readonly ExportRecord[]) => string;
};

const csv: Format = { ending: 'csv', start: csvHead(exportFields), write: writeCsv };
const lines: Format = { ending: 'jsonl', start: '', write: jsonLines };

/** The log of conversations, for review elsewhere. The same filters as `/conversations`. */
export const exportRoutes: readonly DashboardRoute[] = [csv, lines].map((format) => ({
  method: 'GET',
  path: `/export/conversations.${format.ending}`,
  role: 'viewer',
  handle: (call) => exportConversations(call, format),
}));

async function exportConversations(call: OperatorCall, format: Format): Promise<Response> {
  const filter = readInboxFilter(call);
  const names = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [name],
  );
  const agentId = call.query('agent');
  const detail = { format: format.ending, filters: names };
  await call.audit('conversations-exported', { ...(agentId === undefined ? {} : { agentId }), detail });
  return exportResponse(call, { name: 'conversations', ending: format.ending, texts: write(call, filter, format) });
}

async function* write(call: OperatorCall, filter: ReturnType<typeof readInboxFilter>, format: Format) {
  if (format.start !== '') yield format.start;
  for await (const records of exportRecords(call, filter)) yield format.write(records);
}

function writeCsv(records: readonly ExportRecord[]): string {
  return csvLines(exportFields, records.map(cellsOf));
}

function cellsOf({ sources, actions, attachments, customIdentifiers, ...record }: ExportRecord) {
  return {
    ...record,
    identityVerified: String(record.identityVerified),
    customIdentifiers: customIdentifiers === null ? '' : JSON.stringify(customIdentifiers),
    sources: sources.join('\n'),
    actions: actions.map(({ name, outcome }) => `${name}: ${outcome}`).join('\n'),
    attachments: attachments.join('\n'),
  };
}
