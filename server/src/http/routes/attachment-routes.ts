import type { Attachment } from '../../../../src/protocol/index.ts';
import { type AttachmentService, readMediaType, sendFile } from '../../attachments/index.ts';
import { ownerKey } from '../../storage/index.ts';
import { attachmentUrl } from '../attached-files.ts';
import { noContent, privateJson, type AgentCall, type Route } from '../call.ts';
import { checkGatesByHeader } from '../gates.ts';
import { busy, HttpProblem, invalidRequest, unavailable } from '../http-problem.ts';
import { networkOf } from '../rate-limits.ts';
import { readVisitor, type Visitor } from '../visitor.ts';

export const attachmentsPath = '/v1/agents/:agentId/attachments';

/** Files that visitors send along. They are read by their owner alone, with the headers of every other call. */
export const attachmentRoutes: readonly Route[] = [
  { method: 'POST', path: attachmentsPath, kind: 'agent', handle: upload },
  { method: 'GET', path: `${attachmentsPath}/:attachmentId`, kind: 'agent', handle: download },
  { method: 'DELETE', path: `${attachmentsPath}/:attachmentId`, kind: 'agent', handle: discard },
];

/** @throws HttpProblem where this agent takes no files. */
function serviceOf({ entry, services }: AgentCall): AttachmentService {
  if (services.attachments !== undefined && entry.attachments) return services.attachments;
  throw new HttpProblem('not_found', { detail: 'This agent takes no files.' });
}

async function upload(call: AgentCall): Promise<Response> {
  const { request, record, services } = call;
  const service = serviceOf(call);
  if (services.isDraining()) throw unavailable();
  const visitor = await readVisitor(call);
  const { owner } = visitor;
  await services.limits.uploadOfVisitor(ownerKey(owner));
  checkGatesByHeader(call, visitor);
  const declaredBytes = readLength(request);
  if ((declaredBytes ?? 0) > service.limits.maxBytes) throw refused(call, 'too_large', service);
  await services.limits.uploadBytesFromAddress(record.address, declaredBytes ?? service.limits.maxBytes);
  const outcome = await service.upload({
    owner,
    network: networkOf(record.address),
    filename: new URL(request.url).searchParams.get('filename') ?? '',
    claimedType: readMediaType(request.headers.get('content-type')),
    declaredBytes,
    content: request.body ?? empty(),
    confirm: () => confirm(call, visitor),
  });
  if (!outcome.ok) throw refused(call, outcome.refusal, service);
  services.metrics.attachment('stored');
  const body: Attachment = { ...outcome.attachment, url: attachmentUrl(call, outcome.attachment.id) };
  return privateJson(body, 201);
}

/** A file may take minutes to arrive, and a logout in the meantime has to count. */
async function confirm(call: AgentCall, before: Visitor): Promise<void> {
  const now = await readVisitor(call);
  if (ownerKey(now.owner) !== ownerKey(before.owner)) throw new HttpProblem('no_permission');
}

function readLength(request: Request): number | undefined {
  const text = request.headers.get('content-length') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

// oxlint-disable-next-line require-yield
async function* empty(): AsyncGenerator<Uint8Array> {
  return;
}

type Refusal = Extract<Awaited<ReturnType<AttachmentService['upload']>>, { readonly ok: false }>['refusal'];

function refused({ entry, services }: AgentCall, refusal: Refusal, { limits }: AttachmentService): HttpProblem {
  services.metrics.attachment(refusal);
  services.tally.note({ agentId: entry.id, kind: 'attachment-refused', reason: refusal });
  switch (refusal) {
    case 'too_large':
      return new HttpProblem('too_large', { detail: `A file is at most ${limits.maxBytes} bytes.` });
    case 'unsupported_type':
      return new HttpProblem('unsupported_type', { detail: `Accepted are ${limits.types.join(', ')}.` });
    case 'too_many':
      return busy();
    case 'busy':
      return unavailable();
    case 'empty':
      return invalidRequest('', 'the file is empty');
    case 'cut':
      return invalidRequest('', 'the file did not arrive in full');
  }
}

async function download(call: AgentCall): Promise<Response> {
  const service = serviceOf(call);
  const { owner } = await readVisitor(call);
  const found = await service.read(owner, call.parameter('attachmentId'));
  if (found === undefined) throw new HttpProblem('attachment_not_found');
  return sendFile(found);
}

async function discard(call: AgentCall): Promise<Response> {
  const service = serviceOf(call);
  const { owner } = await readVisitor(call);
  if (!(await service.discard(owner, call.parameter('attachmentId')))) throw new HttpProblem('attachment_not_found');
  return noContent();
}
