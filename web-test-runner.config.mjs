// Runs test/**/*.browser.test.ts: elements in a real Chromium, with msw between them and the network.
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { countTests } from './scripts/browser-test-reporter.ts';
import { findBrowser } from './scripts/browser.ts';

const executablePath = await findBrowser();
const files = process.env.TEST_FILES ? JSON.parse(process.env.TEST_FILES) : 'test/**/*.browser.test.ts';

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** msw's worker must be served from `/`, or its scope does not cover the page of the test. */
function mswWorker(context, next) {
  if (context.path === '/mockServiceWorker.js') context.url = '/node_modules/msw/lib/mockServiceWorker.js';
  return next();
}

/** As the build does: what asks for it is no code of ours. */
const nodeEnvironment = {
  name: 'node-environment',
  transform({ path, body }) {
    return path.includes('/@tanstack/virtual-core/')
      ? body.replaceAll('process.env.NODE_ENV', "'production'")
      : undefined;
  },
};

export default {
  files,
  rootDir: '.',
  nodeResolve: { exportConditions: ['browser'] },
  plugins: [
    nodeEnvironment,
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('./tsconfig.json', import.meta.url)),
    }),
  ],
  middleware: [mswWorker],
  staticLogging: true,
  reporters: [defaultReporter({ reportTestProgress: false }), countTests(process.env.COUNTS_FILE)],
  testFramework: { config: { timeout: 30_000, ...(process.env.TEST_TITLE ? { grep: process.env.TEST_TITLE } : {}) } },
  testsStartTimeout: 60_000,
  testsFinishTimeout: 180_000,
  browserStartTimeout: 60_000,
  browsers: [
    chromeLauncher({
      concurrency: 2,
      // In one context for all pages msw's worker.start() can reload a page that the worker of another has not claimed yet.
      createPage: async ({ browser }) => (await browser.createBrowserContext()).newPage(),
      launchOptions: { executablePath, headless: true, args: chromiumFlags },
    }),
  ],
};
