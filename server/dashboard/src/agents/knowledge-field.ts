import { html, type TemplateResult } from 'lit';
import type { Form } from '../elements/index.ts';
import { selection } from './selection.ts';
import type { Surroundings } from './types.ts';

type Options = {
  readonly surroundings: Surroundings;
  readonly value: string;
  readonly isRequired: boolean;
  readonly origin?: unknown;
};

/** Which of the folders that the server allows holds the articles. */
export function knowledgeField(form: Form, { surroundings, value, isRequired, origin }: Options): TemplateResult {
  const { knowledgeFolders: folders } = surroundings;
  // What the configuration file names need not be among those that may be chosen.
  const all = value === '' || folders.includes(value) ? folders : [value, ...folders];
  const none = isRequired ? 'Choose a folder' : 'None';
  const options = [['', none] as const, ...all.map((folder) => [folder, folder] as const)];
  return form.control(
    { name: 'knowledge', label: 'Knowledge folder', hint: html`${hintOf(surroundings)} ${origin}` },
    selection('knowledge', value, options, { isRequired }),
  );
}

function hintOf({ mayNameFolders, knowledgeFolders }: Surroundings): string {
  if (!mayNameFolders) return 'The configuration file allows no folders to be chosen here (agentFolders).';
  if (knowledgeFolders.length > 0) return 'Markdown articles on the server, as seen from its configuration file.';
  return 'There is no folder with Markdown articles (*.md) where the configuration file allows them (agentFolders). Put one there, then load this page again.';
}
