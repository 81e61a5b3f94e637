import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const program = join(import.meta.dirname, '../../server/bin/chat-widget-server.mjs');

/**
 * Where the dashboard of a running server is found: by a one-time link as long as it has no administrator. Undefined where the
 * server does not say.
 */
export async function findDashboard(
  chatUrl: string,
  localUrl: string,
  dataFolder: string,
): Promise<{ readonly url: string; readonly isOneTime: boolean } | undefined> {
  const plain = { url: `${chatUrl}/dashboard/`, isOneTime: false };
  try {
    const answer = await fetch(`${localUrl}/dashboard/api/session`, { signal: AbortSignal.timeout(5_000) });
    const { needsSetup } = (await answer.json()) as { needsSetup?: boolean };
    if (needsSetup !== true) return plain;
    const storage = process.env['DATABASE_URL'] ? [] : ['--data', dataFolder];
    const words = ['operators', 'link', '--json', '--url', new URL(chatUrl).origin, ...storage];
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...words]);
    return { url: (JSON.parse(stdout) as { link: string }).link, isOneTime: true };
  } catch {
    return undefined;
  }
}
