export type SpecExample = {
  readonly number: number;
  readonly section: string;
  readonly markdown: string;
  readonly html: string;
};

const address = '/node_modules/commonmark-spec/spec.txt';

/** The examples of CommonMark 0.31.2, read from its own text. */
export async function loadSpecExamples(): Promise<readonly SpecExample[]> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered with ${response.status}`);
  const text = (await response.text()).replace(/^<!-- END TESTS -->[\s\S]*/m, '').replaceAll('→', '\t');
  const examples: SpecExample[] = [];
  let section = '';
  for (const match of text.matchAll(/^`{32} example\n([\s\S]*?)^\.\n([\s\S]*?)^`{32}$|^#{1,6} +(.*)$/gm)) {
    const [, markdown = '', html = '', heading] = match;
    if (heading === undefined) examples.push({ number: examples.length + 1, section, markdown, html });
    else section = heading;
  }
  return examples;
}
