import { z } from 'zod';
import { actionSettingsSchema, createHttpAction, type Action } from '../agents/index.ts';
import { KeysUnavailableError, nameUnknownSettings, type KeyVault } from '../identity/index.ts';
import { agentSchema, type AgentInput, type DecodedAgent } from './config-schema.ts';
import { formatPath, type Issue } from './issues.ts';

/** What operators may set for an agent, beside its actions. Keys and policy have tables of their own. */
export const agentFields = [
  'name',
  'greeting',
  'suggestions',
  'appearance',
  'instructions',
  'knowledge',
  'answers',
  'attachments',
  'handoff',
  'consent',
  'form',
  'maxMessageCharacters',
  'allowedOrigins',
  'retentionDays',
] as const;

export type AgentField = (typeof agentFields)[number];

/** Values as a configuration file has them. `null` stands for none, where the file may name one. */
export type FieldValues = { readonly [Name in AgentField]?: unknown };

/** An action that operators have made: settings as a configuration file has them, and the sealed secret. */
export type StoredAction = { readonly id: string; readonly settings: unknown; readonly sealedSecret: string };

/** What stands in the database for one agent. */
export type StoredSettings = { readonly fields: FieldValues; readonly actions: readonly StoredAction[] };

const fieldShape = Object.fromEntries(agentFields.map((name) => [name, z.unknown().optional()])) as {
  [Name in AgentField]: z.ZodOptional<z.ZodUnknown>;
};

export const fieldValuesSchema = z.strictObject(fieldShape);

const storedSchema = z.object({
  fields: fieldValuesSchema,
  actions: z.array(z.strictObject({ id: z.string(), settings: z.unknown(), sealedSecret: z.string() })).default([]),
});

export const nothingStored: StoredSettings = { fields: {}, actions: [] };

/** @returns undefined for what this version cannot read */
export function parseStored(text: string): StoredSettings | undefined {
  try {
    return storedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The agent of the file with what is stored over it; without one, what is stored alone. */
function mergeAgent(id: string, file: AgentInput | undefined, { fields }: StoredSettings): unknown {
  const merged: { [name: string]: unknown } = { ...file, id };
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) delete merged[name];
    else if (value !== undefined) merged[name] = value;
  }
  return merged;
}

const neverNone: ReadonlySet<string> = new Set(
  agentFields.filter(
    (name) => !['instructions', 'knowledge', 'answers', 'consent', 'form', 'retentionDays'].includes(name),
  ),
);

/** What is wrong is said by the field's own name: `suggestions[2]`. */
export function decodeAgent(
  id: string,
  file: AgentInput | undefined,
  stored: StoredSettings,
  issues: Issue[],
): DecodedAgent | undefined {
  for (const [name, value] of Object.entries(stored.fields)) {
    if (value === null && neverNone.has(name)) issues.push({ path: name, message: 'must not be empty' });
  }
  const result = agentSchema.safeParse(mergeAgent(id, file, stored), { error: nameUnknownSettings });
  if (result.success) return issues.length === 0 ? result.data : undefined;
  for (const { path, message } of result.error.issues) issues.push({ path: formatPath(path), message });
  return undefined;
}

export const actionPlace = (agentId: string, actionId: string) => ({ agentId, keyId: `action:${actionId}` });

/** The actions that operators have made. What cannot be used is left out, and named in `issues`. */
export function storedActions(
  agentId: string,
  stored: StoredSettings,
  { vault, visitorSecrets }: { readonly vault: KeyVault; readonly visitorSecrets: ReadonlySet<string> },
  issues: Issue[],
): readonly Action[] {
  return stored.actions.flatMap(({ id, settings, sealedSecret }, at) => {
    const result = actionSettingsSchema.safeParse(settings, { error: nameUnknownSettings });
    if (!result.success) {
      for (const { path, message } of result.error.issues) {
        issues.push({ path: formatPath(['actions', at, ...path]), message });
      }
      return [];
    }
    try {
      const secret = vault.open(sealedSecret, actionPlace(agentId, id));
      if (!visitorSecrets.has(secret)) return [createHttpAction(result.data, secret)];
      issues.push({ path: `actions[${at}].signingSecret`, message: isShared });
    } catch (error) {
      if (!(error instanceof KeysUnavailableError)) throw error;
      issues.push({ path: `actions[${at}].signingSecret`, message: cannotBeOpened });
    }
    return [];
  });
}

const isShared = "must not be a key that visitors' tokens are signed with: whoever is called could pose as a visitor";
const cannotBeOpened = 'cannot be decrypted: it was sealed with another master key. Give the action a new secret';
