#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Plain JavaScript on purpose: an older Node must be able to read this far and be told what is missing.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `chat-widget-server needs Node 22.18 or newer and runs on ${process.version}.\n` +
      'In its repository `npx chat-widget-server` brings a newer one along (run `npm ci` first).',
  );
  process.exit(1);
}
// In the repository the source itself; the package holds what was built of it.
const source = new URL('../src/main.ts', import.meta.url);
const { main } = await import(existsSync(source) ? source.href : '../dist/server/src/main.js');
await main(process.argv.slice(2));
