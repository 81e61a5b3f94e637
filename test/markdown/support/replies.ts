/** Answers as models write them, by what they are about: each construct of CommonMark and GFM stands in some of them. */
export async function loadReplies(): Promise<ReadonlyMap<string, string>> {
  const response = await fetch(new URL('replies.txt', import.meta.url));
  if (!response.ok) throw new Error(`replies.txt answered with ${response.status}`);
  const parts = (await response.text()).split(/^%%%% (.*)\n/m).slice(1);
  const names = parts.filter((_, index) => index % 2 === 0);
  return new Map(names.map((name, index) => [name, parts[index * 2 + 1] ?? '']));
}
