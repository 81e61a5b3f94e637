import { styleText } from 'node:util';
import type { DemoUser } from '../../demo/server/users.ts';

export type ScreenFacts = {
  readonly shopUrl: string;
  readonly chatUrl: string;
  /** Undefined where the server did not say. */
  readonly dashboard: { readonly url: string; readonly isOneTime: boolean } | undefined;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly users: readonly DemoUser[];
  /** The model that answers; undefined: the demo's articles do. */
  readonly model: string | undefined;
  /** Set when conversations live in Postgres; without credentials. */
  readonly databaseHost: string | undefined;
};

/** What a person sees who has just started everything. */
export function renderScreen(facts: ScreenFacts): string {
  const { shopUrl, chatUrl } = facts;
  const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
  const faint = (text: string): string => styleText('dim', text, { stream: process.stdout });
  const users = facts.users.map(
    (user) => `    ${user.email.padEnd(22)} ${user.password.padEnd(16)} ${faint(user.name)}`,
  );
  return [
    '',
    `  ${bold('chat-widget is running')}`,
    '',
    `  ${bold('Demo shop')}      ${shopUrl}`,
    `    script tag     ${shopUrl}/script      ${faint('anonymous and self-reported visitors')}`,
    `    server page    ${shopUrl}/account     ${faint('token in the attribute, after login')}`,
    `    app            ${shopUrl}/app         ${faint('identify() and logout() without a reload')}`,
    `    and            ${shopUrl}/playground  ${faint('every attribute, event, part and token, live')}`,
    `                   ${shopUrl}/themes      ${faint('looks to copy')}`,
    `                   ${shopUrl}/clinic      ${faint('consent, a form and files before the first message')}`,
    `                   ${shopUrl}/drop-in     ${faint("other chats' snippets, as they are")}`,
    `  ${bold('Chat server')}    ${chatUrl}   ${faint(`${chatUrl}/widget/chat.js is the script`)}`,
    ...(facts.dashboard === undefined ? [] : [`  ${bold('Dashboard')}      ${facts.dashboard.url}`]),
    ...(facts.dashboard?.isOneTime === true
      ? [`                 ${faint('makes you its administrator; works once, within a day')}`]
      : []),
    '',
    `  ${bold('Sign in as')}`,
    ...users,
    '',
    `  ${bold('Answers')}        ${describeModel(facts.model)}`,
    ...(facts.model === undefined
      ? [`                 ${faint('For a model: CHAT_MODEL_URL=… CHAT_MODEL=… npm start')}`]
      : []),
    `  ${bold('Data')}           ${describeData(facts)}`,
    `  ${bold('Log')}            ${facts.logFile}   ${faint('npm start -- --verbose shows it here')}`,
    '',
    `  ${bold('Ctrl-C')} stops everything.`,
    '',
  ].join('\n');
}

function describeModel(model: string | undefined): string {
  return model === undefined
    ? 'from the help articles in demo/articles, without a model or a key'
    : `by the model ${model}`;
}

function describeData({ dataFolder, databaseHost }: ScreenFacts): string {
  if (databaseHost !== undefined) return `Postgres on ${databaseHost}; the demo's key in ${dataFolder}`;
  return `${dataFolder}   (conversations, the demo's key; delete it to begin anew)`;
}
