/** The beginning of a growing text up to the end of its last whole sentence; empty where there is none. */
export function completeSentences(text: string, locale: string): string {
  const sentences = [...new Intl.Segmenter(locale, { granularity: 'sentence' }).segment(text)];
  // The last one may still go on, whatever it ends with ("3." of "3.5").
  return text.slice(0, sentences.at(-1)?.index ?? 0);
}
