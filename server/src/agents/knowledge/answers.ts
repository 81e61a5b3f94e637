import type { ContentPart } from '../../../../src/protocol/index.ts';
import type { Action } from '../actions/action.ts';
import { readableName } from '../actions/say-result.ts';
import type { KnowledgeDocument, Passage } from './document.ts';
import type { AgentUser } from '../types.ts';
import { escapeMarkdown, safeName } from './escape-markdown.ts';
import type { KnowledgeIndex } from './knowledge-index.ts';
import type { KnowledgeMatch } from './ranking.ts';
import type { SmallTalk } from './small-talk.ts';

/** What is said, and what the visitor is pointed to. */
export type Answer = {
  /** Markdown. */
  readonly text: string;
  readonly sources: readonly KnowledgeDocument[];
  readonly needsSignIn?: boolean;
};

const maxTopics = 5;
const maxPassageCharacters = 6_000;

/** Characters. */
const shortIntroduction = 280;
const maxEmailCharacters = 254;

/** Another article is named as well where it fits nearly as well as the first. */
const nearlyAsGood = 0.6;

export function answerFrom(matches: readonly KnowledgeMatch[], lead = ''): Answer {
  const [best, second] = matches;
  if (best === undefined) return { text: lead, sources: [] };
  const text = passagesOf(best).map(({ headings, text: body }) => {
    const heading = headings.at(-1);
    return `${heading === undefined ? '' : `**${escapeMarkdown(heading)}**\n\n`}${bounded(body)}`;
  });
  const sources = [best.document];
  if (second !== undefined && second.score >= best.score * nearlyAsGood) sources.push(second.document);
  return { text: [...(lead === '' ? [] : [lead]), ...text].join('\n\n'), sources };
}

/** An introduction of a sentence or two seldom answers alone: the section after it goes along. */
function passagesOf({ document, passage }: KnowledgeMatch): readonly Passage[] {
  const at = document.passages.indexOf(passage);
  const next = document.passages[at + 1];
  if (at !== 0 || next === undefined || passage.headings.length > 0) return [passage];
  return passage.text.length < shortIntroduction ? [passage, next] : [passage];
}

export function answerSmallTalk(talk: SmallTalk, agentName: string, user: AgentUser, index: KnowledgeIndex): Answer {
  const name = nameOf(user);
  const agent = escapeMarkdown(agentName);
  const who = `I am the automated assistant of ${agent}, not a human. I answer from the help centre`;
  switch (talk) {
    case 'greeting':
      return {
        text: `Hello${name === undefined ? '' : ` ${name}`}, ${who}. What would you like to know?`,
        sources: [],
      };
    case 'thanks':
      return { text: 'You are welcome! Just ask if there is anything else.', sources: [] };
    case 'goodbye':
      return { text: 'Goodbye, and thank you for stopping by!', sources: [] };
    case 'who-are-you':
      return withContact(`${who}, and say so when it has no answer.`, index);
    case 'who-am-i':
      return whoAmI(user);
    case 'abilities':
      return withContact(`${who}.\n\n${topicList(index)}`, index);
    default:
      return talk satisfies never;
  }
}

/** The question that proof is for. */
function whoAmI(user: AgentUser): Answer {
  if (!user.verified) {
    const text = 'I do not know: you are not signed in here, and I only believe what this site has proved to me.';
    return { text, sources: [], needsSignIn: true };
  }
  const name = nameOf(user);
  const email = user.email === undefined ? '' : ` (${escapeMarkdown(user.email.slice(0, maxEmailCharacters))})`;
  return {
    text: `You are signed in as ${name ?? escapeMarkdown(user.subject)}${email}; this site has proved it.`,
    sources: [],
  };
}

/** Only a verified name is used: a page can say any other one. */
function nameOf(user: AgentUser): string | undefined {
  return user.verified ? safeName(user.name) : undefined;
}

export function answerNothingFits(index: KnowledgeIndex): Answer {
  const sorry = 'I found nothing about that in the help centre, and I would rather not guess.';
  return withContact(`${sorry} It may help to ask in other words.\n\n${topicList(index)}`, index);
}

export const signInNeeded =
  'For anything about your own orders, invoices or account I need you to be signed in, so that I know who is asking.';

export const cannotReadFiles =
  'I have your file, but I cannot read files: I answer from the help centre. Please tell me in words what it is about.';

export const cannotLookYet = 'I cannot look into orders, invoices or accounts yet, so I cannot tell you about yours.';

/** Said before the answer to the words that came with files. */
export function answersWordsAlone(mediaTypes: readonly string[]): string {
  const cannot = mediaTypes.every((mediaType) => mediaType.startsWith('image/'))
    ? 'look at your picture'
    : 'read your file';
  return `I cannot ${cannot}${mediaTypes.length > 1 ? 's' : ''}, so I answer your words alone.`;
}

/** For who is signed in and asked for something of their own, in words that are none of an action's phrases. */
export function offerActions(actions: readonly Action[]): string {
  const lines = actions.map(
    (action) => `- ${readableName(action)}: say “${escapeMarkdown(action.phrases[0] ?? action.name)}”`,
  );
  return `I do not know what you would like me to look up. What I can do for you:\n\n${lines.join('\n')}`;
}

export function sourcePart(document: KnowledgeDocument): ContentPart {
  const { id, title, url } = document;
  if (url !== undefined) return { type: 'source-url', sourceId: id, url, title };
  return {
    type: 'source-document',
    sourceId: id,
    mediaType: 'text/markdown',
    title,
    filename: id.split('/').at(-1) ?? id,
  };
}

function withContact(text: string, index: KnowledgeIndex): Answer {
  const contact = index.documents.find(isAboutContact);
  if (contact === undefined) return { text, sources: [] };
  return { text: `${text}\n\nTo reach a person, see ${linkTo(contact)}.`, sources: [contact] };
}

function isAboutContact({ title, keywords }: KnowledgeDocument): boolean {
  return /\bcontact\b/i.test(title) || keywords.some((keyword) => keyword.toLowerCase() === 'contact');
}

/** What the authors have featured; else spread over the whole collection, so that each part of it shows. */
function topicList(index: KnowledgeIndex): string {
  const featured = index.documents.filter((document) => document.featured === true);
  const documents = featured.length > 0 ? featured : index.documents;
  const step = Math.max(1, documents.length / maxTopics);
  const topics = Array.from(
    { length: Math.min(maxTopics, documents.length) },
    (_, at) => documents[Math.floor(at * step)],
  );
  const lines = topics.flatMap((topic) => (topic === undefined ? [] : [`- ${linkTo(topic)}`]));
  return `I can help with topics such as:\n\n${lines.join('\n')}`;
}

function linkTo({ title, url }: KnowledgeDocument): string {
  const text = escapeMarkdown(title);
  return url === undefined
    ? text
    : `[${text}](${url.replace(/[()<>\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)})`;
}

function bounded(text: string): string {
  if (text.length <= maxPassageCharacters) return text;
  return `${text.slice(0, text.lastIndexOf('\n', maxPassageCharacters) + 1 || maxPassageCharacters).trimEnd()} …`;
}
