import type { IdentityReason } from '../../../../src/protocol/index.ts';
import type { VisitIdentity } from '../../storage/index.ts';

const reasons: { readonly [Reason in IdentityReason]: string } = {
  too_large: 'The token is larger than 8 KB. Put fewer claims into it.',
  malformed: 'What arrived is no token. Hand over the text that your backend made, whole and as it is.',
  not_configured: 'A token arrived, and this agent has no key to check it with. Make one under Security.',
  unsupported_algorithm: 'The token is signed with an algorithm that the policy does not allow. HS256 is always right.',
  invalid_signature:
    'The token is signed with another secret than any key of this agent. Compare the secret: its text as it is, without a line break.',
  expired: 'The token had ended when it arrived. Sign a new one for each page, and say "exp" in seconds.',
  not_yet_valid:
    'The token begins in the future: "iat" or "nbf" are in milliseconds, or the clock of your backend is ahead.',
  missing_claim: 'A claim is missing that the policy asks for: "sub", "exp" or "email".',
  lifetime_too_long: 'The token lasts longer than the policy allows, or "exp" is in milliseconds.',
  wrong_audience: 'The claim "aud" is not the one that the policy names.',
  wrong_issuer: 'The claim "iss" is not the one that the policy names.',
  invalid_sub: '"sub" has to be a text that is not empty. A number has to be turned into one.',
  reserved_domain: 'The e-mail address is at a domain that belongs to nobody, so it says nothing of who this is.',
  claim_too_large: 'A claim is too large: values in "custom" have at most 500 characters.',
  revoked: 'The token was revoked by a logout. Sign a new one when somebody signs in again.',
};

/** What a visit means for whoever has just installed the chat, and what to do where it is not what they wanted. */
export function visitHint(identity: VisitIdentity, reason: string, origin: string): string {
  if (reason === 'origin_not_allowed') {
    return `${origin} may not use this agent. If the site is yours, add it to the allowed origins under Security.`;
  }
  if (reason === 'no_permission') {
    return 'The agent is for verified visitors alone, and no token arrived. Hand one over, or change the policy.';
  }
  if (Object.hasOwn(reasons, reason)) {
    const goesOn = identity === 'anonymous' ? ' The visitor goes on as anonymous.' : '';
    return reasons[reason as IdentityReason] + goesOn;
  }
  if (identity === 'reached')
    return 'A page of this site has loaded the chat. As whom its visitors arrive shows up once one of them opens it.';
  if (identity === 'verified') return 'The token of your backend was accepted: this visitor is verified.';
  if (identity === 'self-reported')
    return 'The page says a name or an e-mail address, and proves nothing. Sign a token for that.';
  return 'The chat works, and no token was sent: visitors are anonymous until your backend signs one.';
}
