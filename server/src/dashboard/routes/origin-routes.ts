import { z } from 'zod';
import { DashboardProblem } from '../problem.ts';
import { readInput } from '../read-input.ts';
import { json, type DashboardRoute, type OperatorCall } from '../route.ts';

const maxOrigins = 200;

const changeSchema = z.strictObject({
  /** Null: as the configuration file says. */
  allowedOrigins: z.array(z.string().trim().max(300)).max(maxOrigins, `At most ${maxOrigins}.`).nullable(),
  /** Of the settings that were looked at; without it, whatever stands there is changed. */
  revision: z.string().max(64).nullable().optional(),
});

/** Which sites may use an agent. */
export const originRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/agents/:agentId/origins', role: 'operator', handle: showOrigins },
  { method: 'PUT', path: '/agents/:agentId/origins', role: 'admin', handle: changeOrigins },
];

function showOrigins(call: OperatorCall): Response {
  return json(describe(call));
}

/** What holds, and whether it is what the file says. The pages of the server's own address may always. */
function describe({ services, requireAgent, parameter, origin }: OperatorCall) {
  const { id } = requireAgent(parameter('agentId'));
  const standing = services.agents.standing(id);
  const inFile = listOf(standing?.file?.allowedOrigins);
  const stored = standing?.stored.fields.allowedOrigins;
  return {
    allowedOrigins: stored === undefined ? inFile : listOf(stored),
    source: stored === undefined ? 'configuration' : 'stored',
    /** What holds where nothing is stored; null for an agent that the file does not have. */
    inFile: standing?.file === undefined ? null : inFile,
    ownOrigin: origin,
    revision: standing?.revision ?? null,
  };
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

async function changeOrigins(call: OperatorCall): Promise<Response> {
  const { services, requireAgent, parameter } = call;
  const { id } = requireAgent(parameter('agentId'));
  const { allowedOrigins, revision } = await readInput(call, changeSchema);
  const before = describe(call).allowedOrigins;
  const wanted =
    allowedOrigins === null ? undefined : [...new Set(allowedOrigins.map(asSent))].filter((text) => text !== '');
  const outcome = await services.agents.change({
    id,
    base: { revision },
    ...(wanted === undefined ? { reset: ['allowedOrigins'] } : { set: { allowedOrigins: wanted } }),
  });
  if (outcome.state === 'refused') {
    throw new DashboardProblem('invalid_input', { fields: fieldsOf(outcome.issues, wanted ?? []) });
  }
  if (outcome.state === 'not_found') throw new DashboardProblem('not_found');
  if (outcome.state !== 'changed') throw new DashboardProblem('conflict', { detail: changedMeanwhile });
  const { allowedOrigins: after } = describe(call);
  await call.audit('agent-changed', {
    agentId: id,
    detail: { before: { allowedOrigins: before }, after: { allowedOrigins: after } },
  });
  return json(describe(call));
}

/** An address bar gives a slash behind the site, which no browser sends along. A path stays, and is refused. */
function asSent(text: string): string {
  if (!/^https?:\/\/[^/*?#\s]+\/$/i.test(text)) return text;
  return URL.parse(text)?.origin ?? text;
}

const changedMeanwhile = 'Somebody changed this agent since you loaded it. Load it again, then repeat your change.';

/** All of them stand in one field. */
function fieldsOf(issues: readonly { readonly path: string; readonly message: string }[], wanted: readonly string[]) {
  const sentences = issues.map(({ path, message }) => {
    const at = /^allowedOrigins\[(\d+)\]/.exec(path)?.[1];
    return at === undefined ? `${path}: ${message}` : `${wanted[Number(at)]}: ${message}`;
  });
  return { allowedOrigins: sentences.join('\n') };
}
