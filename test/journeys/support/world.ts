import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import { chromium, type Browser } from 'playwright-core';
import { chatActions } from '../../../demo/chat-actions.ts';
import { demoUsers, type DemoUser } from '../../../demo/server/users.ts';
import { startShop, type RunningShop } from '../../../demo/server/start-shop.ts';
import { findBrowser } from '../../../scripts/browser.ts';
import { repositoryFolder } from '../../../scripts/build.ts';
import { findFreePort } from '../../../scripts/start/ports.ts';
import type { AgentInput, ConfigInput } from '../../../server/src/index.ts';
import { startChatServer, type ChatServerProcess } from './chat-server.ts';
import { createPerson, tokenPattern, type Person, type Tab } from './person.ts';
import { startSlowModel, type SlowModel } from './slow-model.ts';

// A page that a test has rewritten comes from no address, and Chromium would keep it from the servers on this machine.
const browserArguments = ['--no-sandbox', '--disable-features=LocalNetworkAccessChecks'];

export type WorldOptions = {
  /** What the agent `demo` has other than by default. */
  readonly agent?: Partial<AgentInput>;
  /** More agents: each as `demo` is, with what it has otherwise. These answer from the articles unless they say `answers`. */
  readonly otherAgents?: readonly (Partial<AgentInput> & Pick<AgentInput, 'id'>)[];
  /** Whether files can be attached. */
  readonly takesFiles?: boolean;
  /** Lifetime of the tokens that the shop signs. Default one hour. */
  readonly tokenTtlSeconds?: number;
  /** Whether a model answers, piece by piece as the test says, instead of the articles. */
  readonly hasModel?: boolean;
  /** Whether the agent does what the demo's does: look at orders, cancel them, open tickets. */
  readonly hasActions?: boolean;
  /** Whether the browser keeps pages for Back, as browsers do and Playwright's would not. */
  readonly keepsPages?: boolean;
  /** What the server allows other than by default: to one address, that of all people of these tests. */
  readonly rateLimits?: ConfigInput['rateLimits'];
};

/** A chat server, the demo shop and a browser, all real, for the tests of one `describe`. */
export class World {
  readonly #options: WorldOptions;
  readonly #secret = randomBytes(32).toString('hex');
  readonly #actionsSecret = randomBytes(32).toString('hex');
  readonly #people: Person[] = [];
  #folder = '';
  #logs = '';
  #browser: Browser | undefined;
  #shop: RunningShop | undefined;
  #chat: ChatServerProcess | undefined;
  #model: SlowModel | undefined;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  get shop(): RunningShop {
    return this.#shop ?? assert.fail('the world has not begun');
  }

  get chat(): ChatServerProcess {
    return this.#chat ?? assert.fail('the world has not begun');
  }

  get model(): SlowModel {
    return this.#model ?? assert.fail('this world has no model');
  }

  get dataFolder(): string {
    return path.join(this.#folder, 'data');
  }

  /** Somebody new, with an empty browser. */
  async person(colorScheme?: 'light' | 'dark'): Promise<Person> {
    const person = await createPerson(this.#browser ?? assert.fail('the world has not begun'), colorScheme);
    this.#people.push(person);
    return person;
  }

  /** A tab of somebody new, at a path of the shop. */
  async visit(address: string): Promise<Tab & { readonly person: Person }> {
    const person = await this.person();
    return { ...(await person.open(this.shop.url + address)), person };
  }

  /** A token as the shop signs it, with an id of its own, or with other claims, lifetime or key. */
  sign(claims: object, { ttlSeconds = 3600, secret = this.#secret } = {}): string {
    // Without it, a token of the same second would be the same token, and end with that one's logout.
    const payload = { jti: randomUUID(), ...claims };
    return jsonwebtoken.sign(payload, secret, { algorithm: 'HS256', expiresIn: ttlSeconds });
  }

  /** A call to the chat server past the browser. `call` is a path below the agent's address. */
  async fetch(call: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.chat.url}/v1/agents/demo${call}`, init);
  }

  /** Starts the chat server again, on the port and with the data that it had. To be called after it ended. */
  async restart(): Promise<void> {
    this.#logs += this.chat.log();
    this.#chat = await this.#startChat(this.chat.port);
  }

  async begin(): Promise<void> {
    const { hasModel = false, tokenTtlSeconds } = this.#options;
    this.#folder = await mkdtemp(path.join(tmpdir(), 'chat-widget-journey-'));
    if (hasModel) this.#model = await startSlowModel();
    const shopPort = await findFreePort();
    await writeFile(this.#configFile, JSON.stringify(this.#config(shopPort)));
    this.#chat = await this.#startChat(0);
    const { url: chatUrl } = this.#chat;
    const actionsOrigin = `http://127.0.0.1:${shopPort}`;
    const [secret, actionsSecret] = [this.#secret, this.#actionsSecret];
    this.#shop = await startShop({ port: shopPort, chatUrl, secret, actionsSecret, tokenTtlSeconds, actionsOrigin });
    this.#browser = await chromium.launch({
      executablePath: await findBrowser(),
      args: browserArguments,
      ignoreDefaultArgs: this.#options.keepsPages ? ['--disable-back-forward-cache'] : [],
    });
  }

  /** Everybody goes; fails for what went wrong in anybody's browser. */
  async checkPeople(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#people.splice(0).map((person) => person.leave()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async end(): Promise<void> {
    await this.#browser?.close();
    await this.#shop?.close();
    await this.#chat?.stop();
    await this.#model?.close();
    await rm(this.#folder, { recursive: true, force: true });
    assert.doesNotMatch(this.#logs + (this.#chat?.log() ?? ''), tokenPattern, 'a token in the log of the server');
  }

  get #configFile(): string {
    return path.join(this.#folder, 'chat.config.json');
  }

  #config(shopPort: number): object {
    const agent: AgentInput = {
      id: 'demo',
      name: 'Fernhill help',
      greeting: 'Hello! Ask me anything about orders, delivery and returns.',
      suggestions: ['Where is my order?', 'How do I return something?'],
      allowedOrigins: [`http://localhost:${shopPort}`],
      ...(this.#options.hasActions
        ? { actions: chatActions(`http://127.0.0.1:${shopPort}`, this.#actionsSecret) }
        : {}),
      ...(this.#options.hasModel ? {} : { knowledge: path.join(repositoryFolder, 'demo/articles') }),
      ...this.#options.agent,
    };
    const { otherAgents = [], rateLimits = {}, takesFiles = false } = this.#options;
    const knowledge = path.join(repositoryFolder, 'demo/articles');
    const others = otherAgents.map((other) => ({ ...agent, knowledge, answers: 'knowledge', ...other }));
    return { agents: [agent, ...others], rateLimits, ...(takesFiles ? { attachments: {} } : {}) };
  }

  #startChat(port: number): Promise<ChatServerProcess> {
    const model = this.#model === undefined ? {} : { CHAT_MODEL_URL: this.#model.url, CHAT_MODEL: 'slow' };
    return startChatServer({
      port,
      dataFolder: this.dataFolder,
      configFile: this.#configFile,
      environment: { WIDGET_JWT_HMAC_SECRET: this.#secret, ...model },
    });
  }
}

/** A world for the tests of the `describe` (or file) that this is called in. */
export function useWorld(options: WorldOptions = {}): World {
  const world = new World(options);
  before(() => world.begin());
  afterEach(() => world.checkPeople());
  after(() => world.end());
  return world;
}

export const [ada, grace] = demoUsers as readonly [DemoUser, DemoUser];
