import { z } from 'zod';
import { ConfigError } from './environment.ts';

const isLocal = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);

/** Tokens and codes go there: over https, or within this machine. */
const issuerSchema = z.string().refine((text) => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || isLocal(url)) && url.search === '' && url.hash === '';
}, 'must be the https address of the issuer, as it names itself in its tokens');

const domainSchema = z
  .string()
  .toLowerCase()
  .regex(/^(?:[a-z\d-]+\.)+[a-z\d-]+$/, 'must be a domain, such as example.com');

/** Signing in to the dashboard by OpenID Connect. */
export const oidcSchema = z
  .strictObject({
    issuer: issuerSchema,
    clientId: z.string().min(1, 'must not be empty').max(500),
    /** On the button: "Continue with …". */
    label: z.string().trim().min(1, 'must not be empty').max(60).default('single sign-on'),
    /** Only people whose verified e-mail address is of one of these. Default: of any, as they need an account. */
    allowedDomains: z.array(domainSchema).min(1, 'must list at least one domain').max(100).optional(),
    /** Makes an account with this role for whoever has none, and is of an allowed domain. Default: nobody gets one so. */
    createAs: z.literal('viewer').optional(),
  })
  .refine(({ createAs, allowedDomains }) => createAs === undefined || allowedDomains !== undefined, {
    path: ['createAs'],
    message: 'needs "allowedDomains": everybody with an account at the issuer could read conversations otherwise',
  });

export type OidcSettings = z.output<typeof oidcSchema> & {
  /** Undefined: a public client, which PKCE alone proves. */
  readonly clientSecret: string | undefined;
  /** Where browsers find this server. */
  readonly publicOrigin: string;
};

type Decoded = { readonly oidc?: z.output<typeof oidcSchema> | undefined; readonly publicUrl?: string | undefined };

/** @throws ConfigError where the issuer could not send people back here */
export function readOidc({ oidc, publicUrl }: Decoded, clientSecret: string | undefined): OidcSettings | undefined {
  if (oidc === undefined) return undefined;
  if (publicUrl === undefined) throw new ConfigError('"oidc" needs "publicUrl": the issuer sends people back there.');
  const url = new URL(publicUrl);
  if (url.protocol !== 'https:' && !isLocal(url)) {
    throw new ConfigError('"oidc" needs a "publicUrl" with https: browsers keep no session elsewhere.');
  }
  return { ...oidc, clientSecret, publicOrigin: url.origin };
}
