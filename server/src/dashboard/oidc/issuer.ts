import * as client from 'openid-client';
import type { OidcSettings } from '../../config/index.ts';

/** What the issuer says of somebody. */
export type OidcPerson = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  readonly isEmailVerified: boolean;
  readonly name: string | undefined;
};

/** What has to come back from the issuer unchanged, or is proved to it. */
export type OidcFlow = { readonly state: string; readonly nonce: string; readonly verifier: string };

export type OidcIssuer = {
  /** Where the browser goes. */
  readonly begin: (redirectUri: string) => Promise<{ readonly address: URL; readonly flow: OidcFlow }>;
  /** @param address the callback's, as the browser came to it */
  readonly finish: (address: URL, flow: OidcFlow) => Promise<OidcPerson>;
};

const timeoutSeconds = 10;
const discoveryLastsMs = 60 * 60 * 1_000;

/** Nothing is asked of the issuer before somebody signs in: without it, all the rest goes on. */
export function createIssuer(settings: OidcSettings): OidcIssuer {
  const configuration = createDiscovery(settings);
  return {
    async begin(redirectUri) {
      const flow = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const address = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
      });
      return { address, flow };
    },
    async finish(address, { state, nonce, verifier }) {
      const found = await configuration();
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      const tokens = await client.authorizationCodeGrant(found, address, checks);
      const claims = tokens.claims();
      if (claims === undefined) throw new TypeError('The issuer has sent no ID token.');
      const said =
        claims['email'] === undefined && found.serverMetadata().userinfo_endpoint !== undefined
          ? await client.fetchUserInfo(found, tokens.access_token, claims.sub)
          : claims;
      return { issuer: claims.iss, subject: claims.sub, ...personOf(said) };
    },
  };
}

function personOf(claims: {
  readonly [name: string]: unknown;
}): Pick<OidcPerson, 'email' | 'isEmailVerified' | 'name'> {
  const { email, name, email_verified: isVerified } = claims;
  return {
    email: typeof email === 'string' ? email : undefined,
    // Whatever else an issuer may write there is no promise.
    isEmailVerified: isVerified === true,
    name: typeof name === 'string' ? name : undefined,
  };
}

/** What the issuer says of itself, asked once an hour; while it cannot be reached, what it said last goes on. */
function createDiscovery(settings: OidcSettings): () => Promise<client.Configuration> {
  let known: { readonly configuration: client.Configuration; readonly until: number } | undefined;
  let asking: Promise<client.Configuration> | undefined;

  async function ask(): Promise<client.Configuration> {
    try {
      const configuration = await discover(settings);
      known = { configuration, until: performance.now() + discoveryLastsMs };
      return configuration;
    } catch (error) {
      if (known === undefined) throw error;
      return known.configuration;
    } finally {
      asking = undefined;
    }
  }

  return async () => {
    if (known !== undefined && known.until > performance.now()) return known.configuration;
    return (asking ??= ask());
  };
}

function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  const server = new URL(issuer);
  const authentication = clientSecret === undefined ? client.None() : authenticate(clientSecret);
  // The signature of ID tokens is checked although they come straight from the issuer.
  const execute = [
    client.enableNonRepudiationChecks,
    ...(server.protocol === 'http:' ? [client.allowInsecureRequests] : []),
  ];
  return client.discovery(server, clientId, undefined, authentication, { execute, timeout: timeoutSeconds });
}

/** In the header, which issuers that say nothing take (OpenID Connect Discovery 1.0, section 3), or else in the body. */
function authenticate(secret: string): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const isBasic = methods.includes('client_secret_basic') || !methods.includes('client_secret_post');
    return (isBasic ? basic : post)(server, ...rest);
  };
}
