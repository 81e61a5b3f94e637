import { z } from 'zod';

/** What visitors read, where it may be given for each language. */
export type Localized<Value> = {
  /** For readers of no language that is named: English where that is there, else the first. */
  readonly otherwise: Value;
  /** By BCP 47 tags; empty where all read the same. */
  readonly byLocale: { readonly [locale: string]: Value };
};

const maxLocales = 50;

/** Either the value itself, or one for each language: `{"en": …, "de": …}`. */
export function localized<Value>(
  schema: z.ZodType<Value>,
): z.ZodType<Localized<Value>, Value | { readonly [locale: string]: Value }> {
  const read = z.unknown().transform((given, context): Localized<Value> => {
    const refuse = (message: string, ...path: PropertyKey[]) => context.addIssue({ code: 'custom', path, message });
    const decode = (value: unknown, ...path: PropertyKey[]): Value => {
      const result = schema.safeParse(value);
      if (result.success) return result.data;
      for (const issue of result.error.issues) refuse(issue.message, ...path, ...issue.path);
      return z.NEVER;
    };
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      return { otherwise: decode(given), byLocale: {} };
    }
    const entries = Object.entries(given).map(([tag, value]) => {
      const locale = canonical(tag);
      if (locale === undefined) refuse('is named by no language tag, such as "en" or "pt-BR"', tag);
      return [locale ?? tag, decode(value, tag)] as const;
    });
    const [first] = entries;
    if (first === undefined) refuse('must name at least one language');
    if (entries.length > maxLocales) refuse(`must name at most ${maxLocales} languages`);
    const english = entries.find(([locale]) => /^en\b/.test(locale));
    return { otherwise: (english ?? first)?.[1] as Value, byLocale: Object.fromEntries(entries) };
  });
  // Unlike `unknown`, so that a configuration in TypeScript is checked as it is written.
  return read as unknown as z.ZodType<Localized<Value>, Value | { readonly [locale: string]: Value }>;
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
