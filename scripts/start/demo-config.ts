import { writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { chatActions } from '../../demo/chat-actions.ts';
import { defaultConfig } from '../../server/src/config/index.ts';

/** The articles are English, and say by their keywords what these ask for. */
const firstWords = {
  greeting: {
    en: 'Hello! Ask me anything about orders, delivery and returns.',
    de: 'Hallo! Fragen Sie mich nach Bestellungen, Lieferung und Rückgabe. Unsere Hilfe ist auf Englisch.',
    ar: 'أهلًا بك! اسألني عن الطلبات والتوصيل والإرجاع. مقالات المساعدة بالإنجليزية.',
  },
  suggestions: {
    en: ['Where is my order?', 'How do I return something?', 'Which payment methods do you take?'],
    de: ['Wo ist meine Bestellung?', 'Wie kann ich etwas zurückgeben?', 'Welche Zahlungsarten gibt es?'],
    ar: ['أين طلبي؟', 'إرجاع منتج', 'طرق الدفع'],
  },
};

/** What the plant clinic's agent asks for before the first message. */
const clinic = {
  id: 'fernhill-care',
  name: 'Fernhill plant clinic',
  greeting: {
    en: 'Tell us what your plant looks like. A picture helps.',
    de: 'Sagen Sie uns, wie Ihre Pflanze aussieht. Ein Bild hilft.',
    ar: 'صف لنا شكل نبتتك. الصورة تساعد.',
  },
  suggestions: ['Why are the leaves yellow?', 'How do I get rid of pests?'],
  consent: {
    version: '2026-11',
    text: 'We keep what you write and the pictures that you send for 30 days, to answer you and for nothing else.',
  },
  form: {
    intro: 'So that we can get back to you:',
    fields: [
      { name: 'name', required: true },
      { name: 'email', required: false },
    ],
  },
} as const;

/** So that an answer can be seen to grow, and be stopped. */
const wordsPerSecond = 40;

/**
 * Writes the configuration of the demo's chat server: its own default, with the actions that the shop answers, files, and a
 * second agent that asks for consent and a name first. For this account only: what signs the calls is in it.
 *
 * @returns the file's path
 */
export function writeDemoConfig(dataFolder: string, shopOrigin: string, actionsSecret: string): string {
  const { config, baseDirectory } = defaultConfig();
  const articlesOf = (folder: string): string =>
    relative(dataFolder, resolve(baseDirectory, folder)).split(sep).join('/');
  const shopAgents = config.agents.map((agent) => ({
    ...agent,
    ...firstWords,
    ...(agent.knowledge === undefined ? {} : { knowledge: articlesOf(agent.knowledge) }),
    wordsPerSecond,
    actions: chatActions(shopOrigin, actionsSecret),
  }));
  const agents = [...shopAgents, ...shopAgents.slice(0, 1).map((agent) => ({ ...agent, ...clinic, actions: [] }))];
  // Named, so that it is the same folder where DATABASE_URL is set.
  const attachments = { storage: { kind: 'disk', directory: resolve(dataFolder, 'attachments') } };
  // So that agents made in the dashboard can answer from them too.
  const agentFolders = [...new Set(shopAgents.flatMap(({ knowledge }) => knowledge ?? []))];
  const file = join(dataFolder, 'demo-config.json');
  writeFileSync(file, `${JSON.stringify({ ...config, agents, agentFolders, attachments }, undefined, 2)}\n`, {
    mode: 0o600,
  });
  return file;
}
