// Plain JavaScript on purpose: an older Node must be able to read this and say what is missing.
// `node scripts/require-node.mjs [script] [arguments…]` checks, and then runs the script in the same process.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `chat-widget needs Node 22.18 or newer to build, test and start; this is ${process.version}.\n` +
      '`npm ci` brings Node 24 along as a devDependency. If npm blocked its install script, run\n' +
      '  npm rebuild node --foreground-scripts\n' +
      'and then the same command again. (Or install Node 24 from https://nodejs.org.)',
  );
  process.exit(1);
}

const [script] = process.argv.splice(2, 1);
if (script !== undefined) {
  process.argv[1] = resolve(script);
  await import(pathToFileURL(process.argv[1]).href);
}
