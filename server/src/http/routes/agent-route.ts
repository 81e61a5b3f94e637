import { createHash } from 'node:crypto';
import type { AgentInfo, AgentWords } from '../../../../src/protocol/index.ts';
import type { AgentCall, Route } from '../call.ts';
import { etagMatches } from '../widget-files.ts';

/** `GET A`: what the widget shows before anyone has said anything. The same for everybody. */
export const agentRoute: Route = { method: 'GET', path: '/v1/agents/:agentId', kind: 'agent', handle: describeAgent };

function describeAgent({ entry, request, services }: AgentCall): Response {
  const attachments = entry.attachments ? services.attachments?.limits : undefined;
  const info: AgentInfo = {
    id: entry.id,
    name: entry.name,
    greeting: entry.greeting.otherwise,
    suggestions: entry.suggestions.otherwise,
    ...translationsOf(entry),
    appearance: entry.appearance,
    access: entry.profile.policy.access,
    limits: {
      maxMessageCharacters: entry.maxMessageCharacters,
      ...(attachments !== undefined && { attachments }),
    },
    ...(entry.consent !== undefined && { consent: consentOf(entry.consent) }),
    ...(entry.form !== undefined && { form: formOf(entry.form) }),
    features: {
      events: true,
      history: true,
      read: true,
      resume: true,
      feedback: true,
      edit: true,
      rename: true,
      search: true,
      typing: true,
      attachments: attachments !== undefined,
      anonymousFallback: entry.profile.policy.onInvalidToken === 'anonymous' && entry.profile.policy.access === 'open',
    },
  };
  const body = JSON.stringify(info);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { 'cache-control': 'public, max-age=60', etag };
  if (etagMatches(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, 'content-type': 'application/json' } });
}

type Entry = AgentCall['entry'];

/** All languages in one answer, so that it is the same for everybody and a change of languages asks for nothing. */
function translationsOf({ greeting, suggestions }: Entry): Pick<AgentInfo, 'translations'> {
  const [greetings, starters] = [greeting.byLocale, suggestions.byLocale];
  const locales = [...new Set([...Object.keys(greetings), ...Object.keys(starters)])];
  if (locales.length === 0) return {};
  const wordsIn = (locale: string): AgentWords => ({
    ...(greetings[locale] !== undefined && { greeting: greetings[locale] }),
    ...(starters[locale] !== undefined && { suggestions: starters[locale] }),
  });
  return { translations: Object.fromEntries(locales.map((locale) => [locale, wordsIn(locale)])) };
}

function consentOf({ version, text, url }: NonNullable<Entry['consent']>): NonNullable<AgentInfo['consent']> {
  return { version, text, ...(url !== undefined && { url }) };
}

function formOf({ fields, intro }: NonNullable<Entry['form']>): NonNullable<AgentInfo['form']> {
  return { fields, ...(intro !== undefined && { intro }) };
}
