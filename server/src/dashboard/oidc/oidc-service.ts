import type { OidcSettings } from '../../config/index.ts';
import { createIssuer, type OidcIssuer } from './issuer.ts';

/** What signing in elsewhere needs. */
export type OidcService = { readonly settings: OidcSettings; readonly issuer: OidcIssuer };

export function createOidcService(settings: OidcSettings): OidcService {
  return { settings, issuer: createIssuer(settings) };
}
