import { stringify } from 'csv-stringify/sync';
import type { OperatorCall } from './route.ts';

export type ExportEnding = 'csv' | 'jsonl' | 'json';

const types: { readonly [Ending in ExportEnding]: string } = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

type Export = { readonly name: string; readonly ending: ExportEnding; readonly texts: AsyncGenerator<string> };

/**
 * A file to be saved, made while it is read. `name`: without the day and the ending, which come behind it. It is broken off, so that nobody takes it for whole,
 * where its reader is signed out or may see less before they have all of it.
 */
export function exportResponse(call: OperatorCall, { name, ending, texts }: Export): Response {
  const day = new Date(call.services.clock()).toISOString().slice(0, 10);
  return new Response(streamOf(whileAllowed(call, texts)), {
    headers: {
      'content-type': types[ending],
      'content-disposition': `attachment; filename="${name}-${day}.${ending}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}

async function* whileAllowed(call: OperatorCall, texts: AsyncGenerator<string>): AsyncGenerator<string> {
  const { services } = call;
  let checkedAt = services.clock();
  for await (const text of texts) {
    const now = services.clock();
    if (Math.abs(now - checkedAt) >= services.sessionCheckMs) {
      if (!(await isUnchanged(call, now))) throw new Error('The export was broken off: its reader may not go on.');
      checkedAt = now;
    }
    yield text;
  }
}

async function isUnchanged({ operator, sessionHash, services }: OperatorCall, now: number): Promise<boolean> {
  const found = (await services.store.operators.useSession(sessionHash, now))?.operator;
  return found?.role === operator.role && JSON.stringify(found.agentIds) === JSON.stringify(operator.agentIds);
}

/** Nothing is made before it is asked for: whoever reads slowly keeps nothing in memory but one step. */
function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await texts.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await texts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

type Cells = { readonly [column: string]: unknown };

/** The first line. Spreadsheets read UTF-8 where a byte order mark says so. */
export function csvHead(columns: readonly string[]): string {
  return `\uFEFF${columns.join(',')}\r\n`;
}

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe before it; and so does what would begin one within a
 * text: where lists are written with semicolons, spreadsheets cut at those, and then quotation marks hold nothing together.
 */
export function csvLines(columns: readonly string[], rows: readonly Cells[]): string {
  return stringify([...rows], {
    columns: [...columns],
    escape_formulas: true,
    record_delimiter: 'windows',
    cast: { string: (text) => text.replaceAll(formulaWithin, "$1'") },
  });
}

const formulaWithin = /([;,\t\r\n][\s"]*)(?=[=+\-@\uFF0B\uFF0D\uFF1D\uFF20])/g;

export function jsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
