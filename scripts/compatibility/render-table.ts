import type { Behaviour, CompatibleDocument } from './documents/index.ts';
import type { Evidence, Proof } from './evidence.ts';
import type { Standing } from './standing.ts';

const maxListed = 3;

/** The text of docs/compatibility.md. Depends on nothing but what it is given. */
export function renderTable(documents: readonly CompatibleDocument[], standing: Standing, evidence: Evidence): string {
  const section = ({ title, preset, behaviours }: CompatibleDocument): string =>
    [
      `## ${title}`,
      '',
      `Policy preset: \`${preset}\`.`,
      '',
      '| id | documented | here | shown by |',
      '|---|---|---|---|',
      ...behaviours.map((behaviour) => row(behaviour, shownBy(behaviour.id, standing, evidence))),
    ].join('\n');
  return (
    [introduction, summary(documents, standing, evidence), ...documents.map(section), ''].join('\n\n').trimEnd() + '\n'
  );
}

const introduction = `# Compatibility

Five chat widgets document how they tie a conversation to a known user by a signed JWT. This product does what each of them
documents: their snippets run as they are, and where they disagree the behaviour is a setting of the policy
([identity.md](identity.md)), with a preset for each of them.

Each line names the tests that show it: their titles start with its id. This file is made from those titles by
\`node scripts/compatibility.ts --write\`, and \`npm run check\` fails when it does not agree with them.`;

function summary(documents: readonly CompatibleDocument[], standing: Standing, evidence: Evidence): string {
  const ids = documents.flatMap(({ behaviours }) => behaviours.map(({ id }) => id));
  const shown = ids.filter((id) => evidence.has(id));
  const waiting = ids.filter((id) => [...standing.dashboard, ...standing.dashboardPart].includes(id));
  const notShown = ids.filter((id) => !evidence.has(id) && !standing.dashboard.includes(id));
  return [
    `Of ${ids.length} behaviours ${shown.length} ${shown.length === 1 ? 'is' : 'are'} shown by tests.`,
    ...(waiting.length > 0 ? [`Waiting for the dashboard, some of them in part: ${waiting.join(', ')}.`] : []),
    ...(notShown.length > 0 ? [`Not shown by a test: ${notShown.join(', ')}.`] : []),
  ].join('\n');
}

const row = ({ id, documented, ours }: Behaviour, shown: string): string =>
  `| ${id} | ${documented} | ${ours} | ${shown} |`;

function shownBy(id: string, { dashboard, dashboardPart }: Standing, evidence: Evidence): string {
  const proofs = evidence.get(id) ?? [];
  const needsDashboard = dashboard.includes(id) || dashboardPart.includes(id);
  if (proofs.length === 0) return dashboard.includes(id) ? 'dashboard, not built yet' : 'not shown by a test';
  const listed = pick(proofs).map(({ file, title }) => `[${file}](../${file}): ${escapeMarkdown(title)}`);
  const more = proofs.length > maxListed ? [`+ ${proofs.length - maxListed} more`] : [];
  return [...listed, ...more, ...(needsDashboard ? ['(the dashboard’s part: not built yet)'] : [])].join('<br>');
}

/** The first test of each file, then others, so that each layer that shows a behaviour has a chance to be named. */
function pick(proofs: readonly Proof[]): readonly Proof[] {
  const isFirst = ({ file }: Proof, at: number): boolean => proofs.findIndex((proof) => proof.file === file) === at;
  const first = proofs.filter(isFirst);
  const others = proofs.filter((proof) => !first.includes(proof));
  return [...first, ...others].slice(0, maxListed);
}

const escapeMarkdown = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_<>[\]|]/g, String.raw`\$&`);
