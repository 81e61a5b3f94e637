import { z } from 'zod';
import { accentFile, looksOf, signInAddress } from '../install/page-looks.ts';
import { snippetsFor } from '../install/snippets.ts';
import { visitHint } from '../install/visit-hint.ts';
import { invalidField } from '../problem.ts';
import { isoTime, json, type DashboardRoute, type OperatorCall } from '../route.ts';

/** What `scripts/build-dashboard.ts` makes of docs/signing. */
const signingSchema = z.array(z.object({ id: z.string(), title: z.string(), file: z.string(), code: z.string() }));

/** How an agent gets onto a site, and whether it has got there. */
export const installRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/agents/:agentId/install', role: 'operator', handle: showInstall },
  { method: 'GET', path: '/agents/:agentId/install/check', role: 'operator', handle: checkInstall },
];

async function showInstall(call: OperatorCall): Promise<Response> {
  const { origin, parameter, query, requireAgent } = call;
  const { id, name, origins, appearance } = requireAgent(parameter('agentId'));
  const asked = query('signInUrl')?.trim() ?? '';
  const signInUrl = signInAddress(asked);
  if (asked !== '' && signInUrl === undefined) throw invalidField('signInUrl', badAddress);
  const [looks, styles] = [looksOf(appearance), accentFile(appearance)];
  return json({
    agent: { id, name },
    server: origin,
    snippets: snippetsFor({ server: origin, agentId: id, looks, signInUrl }, styles),
    // Of the agent's looks there is something in the code.
    hasLooks: looks.length + styles.length > 0,
    signing: await readSigning(call),
    // Without one only pages of the server's own origin may call.
    allowsSites: origins.length > 0,
  });
}

const badAddress = 'Write a path of your site, such as /login, or a whole address that begins with https://.';

async function readSigning({ services }: OperatorCall): Promise<z.output<typeof signingSchema>> {
  const file = await services.pageFile('signing.json', new Headers());
  const found: unknown = file?.ok ? await file.json() : [];
  return signingSchema.parse(found);
}

async function checkInstall({ services, origin, parameter, requireAgent }: OperatorCall): Promise<Response> {
  const { id } = requireAgent(parameter('agentId'));
  const visits = await services.store.agentVisits.list(id);
  return json({
    now: isoTime(services.clock()),
    visits: visits.map(({ origin: from, identity, reason, firstAt, lastAt }) => ({
      // Empty: a page of the server's own, such as the preview, or no page at all.
      origin: from === origin ? '' : from,
      identity,
      reason,
      hint: visitHint(identity, reason, from),
      firstAt: isoTime(firstAt),
      lastAt: isoTime(lastAt),
    })),
  });
}
