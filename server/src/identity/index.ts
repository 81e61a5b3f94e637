export * from './types.ts';
export { agentUser, cleanMetadata } from './agent-user.ts';
export {
  createIdentityService,
  type IdentityService,
  type IdentityStore,
  type Inspection,
} from './identity-service.ts';
export { createRemoteKeySets } from './jwks/remote-keys.ts';
export { keysAround } from './keys-around.ts';
export { acceptedKeyIds, standingsOf, type KeyStanding } from './key-standing.ts';
export { createKeyRing, KeyRingError, type ImportedKey, type KeyDescription, type KeyRing } from './key-ring.ts';
export { createKeyUse } from './key-use.ts';
export { createKeyVault, type KeyVault, type MasterKeySource } from './key-vault.ts';
export { KeysUnavailableError } from './keys-unavailable.ts';
export {
  defaultPolicy,
  expandSettings,
  policySettingsSchema,
  resolvePolicy,
  type PolicyInput,
  type PolicySettings,
} from './policy.ts';
export { createPolicyBook, PolicyError, type PolicyBook, type PolicyReport } from './policy-book.ts';
export { policyPresets, presetNames, type PresetName } from './policy-presets.ts';
export { createProfileSource, type AgentIdentity, type ProfileSource } from './profile-source.ts';
export { hashSession } from './session-secret.ts';
export { importPublicKey } from './public-key.ts';
export { importHmacKey, keysFor } from './signing-key.ts';
export { SigningKeyError } from './signing-key-error.ts';
export { isJsonObject } from './strict-json.ts';
export { debugToken, type TokenReport } from './token-debugger.ts';
export { verifyToken } from './verify-token.ts';
export { nameUnknownSettings } from './unknown-setting.ts';
