import { z } from 'zod';
import { matchPattern } from './match-pattern.ts';

const name = z.string().regex(/^[A-Za-z][\w-]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ - and begin with a letter');
const description = z.string().max(500).optional();

const pattern = z.string().max(500).refine(isPattern, 'is no regular expression');

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** How a value is found in the visitor's message where no model makes the input: all of it, or the first match. */
const fromMessage = z.union([z.literal(true), pattern]).optional();

const propertySchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('string'),
    description,
    enum: z.array(z.string()).min(1).max(100).optional(),
    pattern: pattern.optional(),
    minLength: z.int().min(0).optional(),
    /** Default 2,000. */
    maxLength: z.int().min(1).max(20_000).optional(),
    default: z.string().optional(),
    fromMessage,
  }),
  z.strictObject({
    type: z.enum(['number', 'integer']),
    description,
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    default: z.number().optional(),
    fromMessage,
  }),
  z.strictObject({ type: z.literal('boolean'), description, default: z.boolean().optional() }),
]);

type PropertySettings = z.output<typeof propertySchema>;

const propertiesSchema = z.record(name, propertySchema);

/**
 * Looked at before anything else reads them: zod leaves `__proto__` out of a record without a word, and takes what an object
 * inherits for a member of the input.
 */
const properties = z
  .unknown()
  .superRefine((value, context) => {
    if (typeof value !== 'object' || value === null) return;
    for (const one of Object.keys(value).filter((key) => key in Object.prototype)) {
      const message = `${JSON.stringify(one)} is a name that every object has already: choose another`;
      context.addIssue({ code: 'custom', message });
    }
  })
  .pipe(propertiesSchema) as z.ZodType<z.output<typeof propertiesSchema>, z.input<typeof propertiesSchema>>;

/** The part of JSON Schema in which a configuration says what an action takes: an object of plain values. */
export const inputSettingsSchema = z
  .strictObject({
    type: z.literal('object').default('object'),
    properties: properties.default({}),
    required: z.array(z.string()).default([]),
  })
  .refine((input) => input.required.every((one) => Object.hasOwn(input.properties, one)), {
    path: ['required'],
    message: 'names what is no property',
  })
  .refine(
    (input) =>
      Object.values(input.properties).every(
        (one) => one.default === undefined || toProperty(one).safeParse(one.default).success,
      ),
    { path: ['properties'], message: 'has a default that does not fit its own property' },
  );

export type InputSettings = z.output<typeof inputSettingsSchema>;

/** What accepts exactly these properties and no others. */
export function toInputSchema({ properties, required }: InputSettings): z.ZodType {
  const shape = Object.entries(properties).map(([key, settings]): [string, z.ZodType] => {
    const property = toProperty(settings);
    const described = settings.description === undefined ? property : property.describe(settings.description);
    if (settings.default !== undefined) return [key, described.default(settings.default)];
    return [key, required.includes(key) ? described : described.optional()];
  });
  return z.strictObject(Object.fromEntries(shape));
}

function toProperty(settings: PropertySettings): z.ZodType<string | number | boolean> {
  switch (settings.type) {
    case 'boolean':
      return z.boolean();
    case 'string': {
      if (settings.enum !== undefined) return z.enum(settings.enum);
      const text = z
        .string()
        .min(settings.minLength ?? 0)
        .max(settings.maxLength ?? 2_000);
      const { pattern: own } = settings;
      if (own === undefined) return text;
      return text.refine((value) => matchPattern(own, 'u', value) !== undefined).meta({ pattern: own });
    }
    default: {
      const number = settings.type === 'integer' ? z.int() : z.number();
      return number.min(settings.minimum ?? -Number.MAX_SAFE_INTEGER).max(settings.maximum ?? Number.MAX_SAFE_INTEGER);
    }
  }
}

/** The input that a visitor's message holds, as far as the properties say where. */
export function inputFromMessage({ properties }: InputSettings, message: string): { readonly [name: string]: unknown } {
  const found = Object.entries(properties).flatMap(([key, settings]) => {
    const text = textFor(settings, message.slice(0, 4_000));
    if (text === undefined) return [];
    return [[key, settings.type === 'string' ? text : Number(text)] as const];
  });
  return Object.fromEntries(found);
}

function textFor(settings: PropertySettings, message: string): string | undefined {
  if (!('fromMessage' in settings) || settings.fromMessage === undefined) return undefined;
  if (settings.fromMessage !== true) return matchPattern(settings.fromMessage, 'iu', message);
  return settings.type === 'string' ? message.slice(0, settings.maxLength ?? 2_000) : message.trim();
}
