import path from 'node:path';
import { runCommand } from './run-command.ts';

const repositoryFolder = path.resolve(import.meta.dirname, '..');

/** What `npm pack` makes of the widget's package, or of the server's, in `folder`. Resolves with the path of the tarball. */
export async function packWidget(folder: string, from: '.' | 'server' = '.'): Promise<string> {
  const { exitCode, output } = await runCommand('npm', ['pack', '--pack-destination', folder, '--loglevel', 'error'], {
    cwd: path.join(repositoryFolder, from),
  });
  const name = /^\S+\.tgz$/m.exec(output)?.[0];
  if (exitCode !== 0 || name === undefined) throw new Error(`npm pack failed:\n${output}`);
  return path.join(folder, name);
}
