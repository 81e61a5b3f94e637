import { runTool, UsageError } from '../../src/cli/index.ts';

type Answer = { readonly code: number; readonly output: string; readonly notes: string; readonly error: string };

/** Runs the command line's tools in this process, as they run beside a server. */
export function createTool(settings: {
  readonly dataDirectory?: string;
  readonly environment?: { readonly [name: string]: string };
  readonly clock?: () => number;
}) {
  const { dataDirectory, environment = {}, clock = Date.now } = settings;
  const data = dataDirectory === undefined ? {} : { CHAT_DATA_DIR: dataDirectory };
  return async function tool(argv: readonly string[], input = ''): Promise<Answer> {
    const written = { output: '', notes: '', error: '' };
    const code = await runTool(argv, {
      environment: { ...data, ...environment },
      readInput: async () => input,
      write: (text) => void (written.output += text),
      note: (text) => void (written.notes += text),
      clock,
    }).catch((error: Error) => {
      written.error = error.message;
      return error instanceof UsageError ? 2 : 1;
    });
    return { code, ...written };
  };
}

/** The answer as JSON; fails where the command did. */
export async function jsonOf<T>(answer: Promise<Answer>): Promise<T> {
  const { output, error } = await answer;
  if (error !== '') throw new Error(error);
  return JSON.parse(output) as T;
}
