import { sql } from 'kysely';
import type { Backend } from './backend.ts';
import type { RefusalStore } from './dashboard-stores.ts';
import { escapeKey, unescapeKey } from './text.ts';

export function createRefusalStore({ database, dialect }: Backend): RefusalStore {
  const count =
    dialect === 'sqlite'
      ? sql<number>`sum(json_extract(detail, '$.count'))`
      : sql<number | string>`sum((detail::json ->> 'count')::bigint)`;
  return {
    count: async ({ agentId, from, to, bucketMs }) => {
      requireWhole({ from, to, bucketMs });
      // Whole numbers written into the statement: in both databases the division of two of them is one.
      const bucket = sql<number | string>`(at - ${sql.lit(from)}) / ${sql.lit(bucketMs)}`;
      const rows = await database
        .selectFrom('audit')
        .select(['reason', bucket.as('bucket'), count.as('count')])
        .where('agent_id', '=', escapeKey(agentId))
        .where('kind', '=', 'token-refused')
        .where('at', '>=', from)
        .where('at', '<', to)
        .where('reason', 'is not', null)
        .groupBy(['reason', bucket])
        .execute();
      return rows.map((row) => ({
        reason: unescapeKey(row.reason ?? ''),
        bucket: Number(row.bucket),
        count: Number(row.count),
      }));
    },
  };
}

function requireWhole(numbers: { readonly [name: string]: number }): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isSafeInteger(value)) throw new TypeError(`"${name}" must be a whole number of milliseconds`);
  }
}
