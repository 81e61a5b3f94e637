/** The forms of a text by the plural categories of its language; `#` stands for the number. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** How a language counts. */
export type Rules = {
  /** The form for this number, with the number in it. A category without a form has that of `other`. */
  readonly plural: (count: number, forms: PluralForms) => string;
  /** @param percent 0 to 100 */
  readonly percent: (percent: number) => string;
};

/** @param locale BCP 47; its region decides on digits and separators. */
export function createRules(locale: string): Rules {
  const { format } = new Intl.NumberFormat(locale);
  const rules = new Intl.PluralRules(locale);
  return {
    plural: (count, forms) => (forms[rules.select(count)] ?? forms.other).replace('#', format(count)),
    percent: (percent) => new Intl.NumberFormat(locale, { style: 'percent' }).format(percent / 100),
  };
}
