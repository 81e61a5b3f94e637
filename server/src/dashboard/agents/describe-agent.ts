import { actionSettingsSchema } from '../../agents/index.ts';
import { agentFields, type AgentField, type AgentStanding } from '../../config/index.ts';
import { sentence } from './sentence.ts';

/** Where a setting comes from. */
export type SettingOrigin = 'dashboard' | 'file' | 'default';

/** What holds where neither the file nor the dashboard says anything; null where nothing does. */
const defaults: { readonly [Name in AgentField]: unknown } = {
  name: '',
  greeting: 'Hello! How can we help?',
  suggestions: [],
  appearance: {},
  instructions: null,
  knowledge: null,
  answers: null,
  attachments: true,
  handoff: true,
  consent: null,
  form: null,
  maxMessageCharacters: 8_000,
  allowedOrigins: [],
  retentionDays: null,
};

/** An agent as its list shows it. */
export function summarize({ id, entry, file, stored, problems }: AgentStanding) {
  const name = entry?.name ?? (typeof stored.fields.name === 'string' ? stored.fields.name : id);
  return { id, name, isInFile: file !== undefined, isUsable: entry !== undefined, hasProblems: problems.length > 0 };
}

/** All that may be changed of it, with where it comes from. Never a secret. */
export function describeAgent(standing: AgentStanding) {
  const { id, file, stored, revision, problems } = standing;
  const given: { readonly [name: string]: unknown } = { ...file };
  const values = agentFields.map((name): readonly [AgentField, SettingOrigin, unknown] => {
    const here = stored.fields[name];
    if (here !== undefined) return [name, 'dashboard', here];
    return given[name] === undefined ? [name, 'default', defaults[name]] : [name, 'file', given[name]];
  });
  return {
    ...summarize(standing),
    id,
    revision,
    settings: Object.fromEntries(values.map(([name, , value]) => [name, value])),
    origins: Object.fromEntries(values.map(([name, origin]) => [name, origin])),
    actions: [...fileActions(file?.actions ?? []), ...stored.actions.map(storedAction)],
    problems: problems.map(({ path, message }) => ({ path, message: sentence(message) })),
  };
}

type FileActions = NonNullable<NonNullable<AgentStanding['file']>['actions']>;

function fileActions(actions: FileActions) {
  return actions.map((action) => {
    const { signingSecret: _, ...settings } = action;
    return { id: null, origin: 'file' as const, settings: withDefaults(settings) };
  });
}

function storedAction({ id, settings }: AgentStanding['stored']['actions'][number]) {
  return { id, origin: 'dashboard' as const, settings: withDefaults(settings) };
}

function withDefaults(settings: unknown): unknown {
  return actionSettingsSchema.safeParse(settings).data ?? settings;
}
