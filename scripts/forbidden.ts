// Finds text that must not be in the repository. Each pattern says why.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

type Pattern = {
  readonly why: string;
  readonly pattern: RegExp;
  /** Only files whose path matches. Default: all. */
  readonly where?: RegExp;
};

const repositoryFolder = path.resolve(import.meta.dirname, '..');
const maxFileBytes = 1024 * 1024;
const code = /^(src|server\/(src|dashboard))\//;
const tests = /^(test|server\/test)\//;
const typescript = /\.[cm]?ts$/;

const allPatterns: readonly Pattern[] = [
  {
    why: 'HTML made from strings',
    pattern: /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|unsafeHTML|unsafeStatic|unsafeSVG)\b/,
    where: code,
  },
  { why: 'a message to any window whatever', pattern: /postMessage\([^)]*['"]\*['"]/ },
  {
    // The controller asks the page's own `token-url`, which is the page's business and none of the chat server's.
    why: 'network outside the client',
    pattern: /\b(fetch|XMLHttpRequest|EventSource|WebSocket|sendBeacon)\s*\(/,
    where: /^src\/(panel|markdown|strings|shell(?!\/controller\.ts)|page|protocol)\//,
  },
  { why: 'a token in a cookie', pattern: /document\.cookie/, where: /^src\// },
  { why: 'types switched off', pattern: /@ts-(ignore|nocheck)/, where: typescript },
  { why: 'left over', pattern: /\b(TODO|FIXME|XXX|HACK)\b/, where: /\.([cm]?[jt]s|html|css)$/ },
  { why: 'a focused or switched-off test', pattern: /\b(it|test|describe|suite)\.(only|todo|skip)\(/, where: tests },
  {
    why: 'a test that sleeps',
    pattern: /\bsleep\(|await (delay|setTimeout)\(|from 'node:timers\/promises'/,
    where: tests,
  },
  { why: 'the address of a package registry', pattern: /"resolved":\s*"https?:|^\s*registry\s*=/ },
  ...ownPaths().map((text) => ({ why: 'a path of this machine', pattern: new RegExp(escapeRegExp(text)) })),
];

/** Where this checkout lies, unless that is a place whose name says nothing, such as the folder for temporary files. */
function ownPaths(): string[] {
  const parent = path.dirname(repositoryFolder);
  return [repositoryFolder, parent + path.sep].filter((text) => text.length > 2 && !text.startsWith(tmpdir()));
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function trackedFiles(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const names = execFileSync('git', args, { cwd: repositoryFolder, encoding: 'utf8' }).split('\0');
  const isText = (name: string): boolean => name !== '' && !/\.(png|jpe?g|webp|gif|ico|woff2?)$/.test(name);
  return names.filter((name) => isText(name) && name !== 'scripts/forbidden.ts');
}

function* findIn(name: string): Generator<string> {
  const file = path.join(repositoryFolder, name);
  const facts = statSync(file, { throwIfNoEntry: false });
  if (!facts?.isFile()) return;
  if (facts.size > maxFileBytes) yield `${name}: larger than 1 MiB`;
  const patterns = allPatterns.filter(({ where }) => where?.test(name) ?? true);
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    for (const { why, pattern } of patterns) {
      if (pattern.test(line)) yield `${name}:${index + 1}: ${why}: ${line.trim().slice(0, 120)}`;
    }
  }
}

const files = trackedFiles();
const found = files.flatMap((name) => [...findIn(name)]);
for (const line of found) console.error(line);
console.log(`${files.length} files, ${found.length} found`);
process.exitCode = found.length === 0 && files.length > 0 ? 0 : 1;
