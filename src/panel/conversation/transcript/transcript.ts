import type { ChatMessage } from '../../../protocol/index.ts';
import type { Strings } from '../../../strings/index.ts';
import { authorOf } from '../author.ts';
import { dateOf } from '../date-of.ts';
import { sourceHref } from '../source-href.ts';
import { isSaidElsewhere, toolName } from '../tool-view.ts';
import { plainLine, plainLines } from './plain-text.ts';

export type TranscriptOptions = {
  readonly messages: readonly ChatMessage[];
  /** The agent's name. */
  readonly name: string;
  readonly title: string;
  readonly strings: Strings;
  /** BCP 47 */
  readonly locale: string;
  /** When it is made: milliseconds since the epoch. */
  readonly now: number;
  /** Address of the page, which the relative ones of sources start from. */
  readonly pageUrl: string;
};

type Part = ChatMessage['parts'][number];

/**
 * A conversation as a text file. Who speaks stands at the beginning of a line, and what they say stands indented, so that
 * nobody's words can be taken for another's; in Markdown an indented text is shown as it is.
 */
export function transcript({ messages, name, title, strings, locale, now, pageUrl }: TranscriptOptions): string {
  const clock = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const zone = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
  const timeOf = (message: ChatMessage): string => {
    const date = dateOf(message);
    return date === undefined ? '' : `, ${clock.format(date)}`;
  };
  const nameOf = (message: ChatMessage): string => {
    if (message.role === 'user') return strings.you;
    const author = authorOf(message);
    return author.kind === 'operator' ? author.name || strings.human : name;
  };
  const head = [strings.transcriptOf(name), title, zone.format(now)].filter((line) => line !== '').map(plainLine);
  const blocks = messages.map((message) => {
    const lines = message.parts.flatMap((part) => linesOf(part, strings));
    const status = message.metadata?.status;
    const isCut = status === 'stopped' || status === 'failed' || status === 'interrupted';
    const all = [...lines, ...sourcesOf(message.parts, strings, pageUrl), ...(isCut ? [`(${strings[status]})`] : [])];
    return [
      `${plainLine(nameOf(message))}${timeOf(message)}`,
      '',
      ...all.map((line) => (line === '' ? '' : `    ${line}`)),
    ];
  });
  return `${[head, ...blocks].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function linesOf(part: Part, strings: Strings): readonly string[] {
  if (part.type === 'text') return plainLines(part.text);
  if (part.type === 'file') return [`[${strings.attachments}: ${plainLine(part.filename ?? part.mediaType)}]`];
  if (part.type !== 'dynamic-tool' || isSaidElsewhere(part)) return [];
  const labels = {
    'input-available': strings.tool,
    'approval-requested': strings.toolWaiting,
    'approval-responded': strings.toolApproved,
    'output-available': strings.toolDone,
    'output-error': strings.toolFailed,
    'output-denied': part.approval?.reason === 'expired' ? strings.toolExpired : strings.toolDeclined,
  };
  return [`[${plainLine(labels[part.state](toolName(part)))}]`];
}

/** By their whole addresses: the file is read where there is no page. */
function sourcesOf(parts: readonly Part[], strings: Strings, pageUrl: string): readonly string[] {
  const sources = new Set<string>();
  for (const part of parts) {
    if (part.type === 'source-url') {
      const address = sourceHref(part.url, pageUrl) ?? part.url;
      sources.add(plainLine([part.title?.trim() ?? '', address].filter(Boolean).join(' – ')));
    }
    if (part.type === 'source-document') sources.add(plainLine(part.title));
  }
  return sources.size === 0 ? [] : ['', `${strings.sources}:`, ...[...sources].map((source) => `- ${source}`)];
}
