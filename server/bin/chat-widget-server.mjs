#!/usr/bin/env node
// Plain JavaScript on purpose: an older Node must be able to read this far and be told what is missing.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `chat-widget-server needs Node 22.18 or newer and runs on ${process.version}.\n` +
      'In this repository `npx chat-widget-server` brings a newer one along (run `npm ci` first).',
  );
  process.exit(1);
}
const { main } = await import('../src/main.ts');
await main(process.argv.slice(2));
