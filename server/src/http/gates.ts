import type { SendMetadata } from '../../../src/protocol/index.ts';
import { agentUser } from '../identity/index.ts';
import type { AgentCall } from './call.ts';
import { HttpProblem } from './http-problem.ts';
import { decodeMetadataHeader } from './send-body.ts';
import type { Visitor } from './visitor.ts';

/**
 * What an agent asks for before anything is said to it: consent of everybody, the form of those who are not verified. Each
 * message and file carries both, so that nothing has to be believed about an earlier one.
 *
 * @throws HttpProblem `consent_required`, `form_required`
 */
export function checkGates({ entry }: AgentCall, { judgement }: Visitor, metadata: SendMetadata): void {
  const { consent, form, profile } = entry;
  const agreed = Object.hasOwn(metadata, 'consent') ? metadata['consent'] : undefined;
  if (consent !== undefined && agreed !== consent.version) {
    throw new HttpProblem('consent_required', { detail: `metadata.consent must be "${consent.version}".` });
  }
  if (form === undefined || judgement.state === 'verified') return;
  const user = agentUser(judgement, profile.policy, metadata);
  const said = user.verified ? {} : user.selfReported;
  const missing = form.fields.find(({ name, required }) => required && !isAnswer(name, said[name]));
  if (missing !== undefined) {
    throw new HttpProblem('form_required', { detail: `metadata.context.${missing.name} is needed.` });
  }
}

/** The same of what is no message. @throws HttpProblem as `checkGates`, and `invalid_request`, `too_large` */
export function checkGatesByHeader(call: AgentCall, visitor: Visitor): void {
  const { consent, form } = call.entry;
  if (consent !== undefined || form !== undefined) checkGates(call, visitor, decodeMetadataHeader(call.request));
}

/** Characters that nobody sees are no answer. */
const unseen = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\s\u2800]/gu;

function isAnswer(field: 'name' | 'email', value: string | undefined): boolean {
  const seen = value?.replaceAll(unseen, '') ?? '';
  if (value === undefined || seen === '') return false;
  // It proves nothing, whatever it looks like; this catches a field that was filled in wrongly.
  return field === 'name' || (/^[^\s@]+@[^\s@]+$/.test(value) && /^[^@]+@[^@]+$/.test(seen));
}
