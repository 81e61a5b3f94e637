export * from './types.ts';
export { agentUser, cleanMetadata, type Admitted } from './agent-user.ts';
export { createIdentityService, type IdentityService, type IdentityStore } from './identity-service.ts';
export { defaultPolicy, policySchema } from './policy.ts';
export { hashSession } from './session-secret.ts';
export { importHmacKey, keysFor, SigningKeyError } from './signing-key.ts';
export { verifyToken } from './verify-token.ts';
