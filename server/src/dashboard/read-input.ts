import type { z } from 'zod';
import { sentence } from './agents/sentence.ts';
import { DashboardProblem, invalidField } from './problem.ts';

const maxBodyBytes = 1024 * 1024;

/**
 * The JSON body of a call, in the form that `schema` asks for.
 *
 * @throws DashboardProblem `invalid_input` with a sentence beside each field that does not fit, by its path: `agents.0.name`
 */
export async function readInput<Schema extends z.ZodType>(
  { request }: { readonly request: Request },
  schema: Schema,
): Promise<z.output<Schema>> {
  const result = schema.safeParse(await readJson(request));
  if (result.success) return result.data;
  const fields: { [field: string]: string } = {};
  for (const { path, message } of result.error.issues) fields[path.map(String).join('.')] ??= sentence(message);
  throw new DashboardProblem('invalid_input', { fields });
}

/** The size is counted as it arrives. A body that is no JSON is not quoted: it may hold a password. */
async function readJson(request: Request): Promise<unknown> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > maxBodyBytes) throw invalidField('', `A request is at most ${maxBodyBytes} bytes.`);
      text += decoder.decode(chunk, { stream: true });
    }
    return JSON.parse(text + decoder.decode()) as unknown;
  } catch (error) {
    throw error instanceof DashboardProblem ? error : invalidField('', 'The request is not JSON.');
  }
}

/** How many, and before which, of a list that is read page by page. */
export function readPage(query: (name: string) => string | undefined, byDefault = 50) {
  const text = query('limit');
  const limit = text === undefined ? byDefault : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw invalidField('limit', 'must be from 1 to 100');
  return { limit, before: query('before') };
}
