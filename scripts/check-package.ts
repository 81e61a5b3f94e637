// Whether bundlers, Node and TypeScript find in the packages what their package.json promises. Without a network.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packWidget } from './pack.ts';
import { runCommand } from './run-command.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-pack-'));
try {
  // One after the other: both build the widget.
  for (const from of ['.', 'server'] as const) {
    const tarball = await packWidget(folder, from);
    const checks = [
      await runCommand('publint', ['--strict', tarball]),
      await runCommand('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color']),
    ];
    for (const { exitCode, output } of checks) {
      if (exitCode === 0) continue;
      console.error(output);
      process.exitCode = 1;
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
