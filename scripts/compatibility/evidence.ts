import type { CompatibleDocument } from './documents/index.ts';
import type { Standing } from './standing.ts';
import { readTestTitles } from './test-titles.ts';

/** A test that shows a behaviour; `title` is without the ids. */
export type Proof = { readonly file: string; readonly title: string };
/** The tests by the ids that their titles start with, in the order of the files and of the tests in them. */
export type Evidence = ReadonlyMap<string, readonly Proof[]>;
export type SourceFile = { readonly name: string; readonly code: string };

const leadingIds = /^(?:(?:A|B|H|Wo|W)\d+ )+(?=\S)/;
const anyId = /(?:A|B|H|Wo|W)\d/;

export function collectEvidence(files: readonly SourceFile[]): Evidence {
  const evidence = new Map<string, Proof[]>();
  for (const { name, code } of files.filter((file) => anyId.test(file.code))) {
    for (const whole of readTestTitles(name, code)) {
      const ids = leadingIds.exec(whole)?.[0] ?? '';
      for (const id of new Set(ids.split(' ').filter(Boolean))) {
        const proofs = evidence.get(id) ?? [];
        evidence.set(id, [...proofs, { file: name, title: whole.slice(ids.length) }]);
      }
    }
  }
  return evidence;
}

/** Where the tests and what the lists claim contradict each other, one line each. */
export function findContradictions(
  documents: readonly CompatibleDocument[],
  standing: Standing,
  evidence: Evidence,
): readonly string[] {
  const ids = documents.flatMap(({ behaviours }) => behaviours.map(({ id }) => id));
  const { notShown, dashboardPart, dashboard } = standing;
  const mayLackTests = new Set([...notShown, ...dashboard]);
  const isShown = (id: string): boolean => evidence.has(id);
  return [
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id}: listed twice`),
    ...ids.filter((id) => !isShown(id) && !mayLackTests.has(id)).map((id) => `${id}: no test shows it (any more)`),
    ...notShown.filter(isShown).map((id) => `${id}: a test shows it now: take it out of notShown in standing.ts`),
    ...[...notShown, ...dashboardPart, ...dashboard]
      .filter((id) => !ids.includes(id))
      .map((id) => `${id}: in standing.ts, but no behaviour`),
    ...[...evidence]
      .filter(([id]) => !ids.includes(id))
      .flatMap(([id, proofs]) => proofs.map(({ file, title }) => `${id}: no such behaviour: ${file}: ${title}`)),
  ];
}
