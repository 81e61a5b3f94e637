import { importHmacKey, SigningKeyError } from '../identity/index.ts';

/** A setting that cannot be used, in one sentence for whoever starts the server. Never holds the value of a secret. */
export class ConfigError extends Error {}

/** What the environment says. Empty variables count as absent. */
export type Environment = {
  readonly port: number | undefined;
  readonly dataDirectory: string | undefined;
  /** The configuration file. */
  readonly configPath: string | undefined;
  readonly databaseUrl: string | undefined;
  /** Key of every agent that has none of its own (`WIDGET_JWT_HMAC_SECRET`). */
  readonly widgetSecret: string | undefined;
  /** Reserved: will encrypt stored keys. Checked today so that a wrong one is found today. */
  readonly masterKey: Uint8Array | undefined;
  readonly model: ModelSettings | undefined;
  /** Of S3-compatible storage for attachments. */
  readonly s3: StorageCredentials | undefined;
  /** Proves this server to the OpenID Connect issuer. */
  readonly oidcClientSecret: string | undefined;
};

export type StorageCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

export type ModelSettings = { readonly url: string; readonly model: string; readonly key: string | undefined };

/** Reads the variables that the server knows. @throws ConfigError naming the variable. */
export function readEnvironment(variables: { readonly [name: string]: string | undefined }): Environment {
  const read = (name: string): string | undefined => (variables[name] === '' ? undefined : variables[name]);
  const port = read('PORT');
  const masterKey = read('CHAT_MASTER_KEY');
  return {
    port: port === undefined ? undefined : parsePort(port, 'PORT'),
    dataDirectory: read('CHAT_DATA_DIR'),
    configPath: read('CHAT_CONFIG'),
    databaseUrl: checkDatabaseUrl(read('DATABASE_URL')),
    widgetSecret: checkSecret(read('WIDGET_JWT_HMAC_SECRET')),
    masterKey: masterKey === undefined ? undefined : parseMasterKey(masterKey),
    model: readModel(read('CHAT_MODEL_URL'), read('CHAT_MODEL'), read('CHAT_MODEL_KEY')),
    s3: readCredentials(read('CHAT_S3_ACCESS_KEY_ID'), read('CHAT_S3_SECRET_ACCESS_KEY')),
    oidcClientSecret: read('CHAT_OIDC_CLIENT_SECRET'),
  };
}

/** A TCP port, 0 for any free one. @throws ConfigError naming where it came from. */
export function parsePort(text: string, from: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new ConfigError(`${from} must be a port number between 0 and 65535.`);
}

function parseMasterKey(text: string): Uint8Array {
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'));
  const bytes = Buffer.from(text, 'base64');
  if (bytes.byteLength === 32 && bytes.toString('base64') === text) return Uint8Array.from(bytes);
  throw new ConfigError(
    'CHAT_MASTER_KEY must be 32 bytes, as 64 hexadecimal digits or in base64 (make one with: openssl rand -hex 32).',
  );
}

function checkDatabaseUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const protocol = URL.parse(text)?.protocol;
  if (protocol === 'postgres:' || protocol === 'postgresql:') return text;
  throw new ConfigError('DATABASE_URL must be the URL of a Postgres database (postgres://user:password@host/name).');
}

function checkSecret(secret: string | undefined): string | undefined {
  if (secret === undefined) return undefined;
  try {
    importHmacKey({ id: 'environment', secret });
    return secret;
  } catch (error) {
    if (error instanceof SigningKeyError) throw new ConfigError(`WIDGET_JWT_HMAC_SECRET: ${error.message}`);
    throw error;
  }
}

function readCredentials(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
): StorageCredentials | undefined {
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey };
  throw new ConfigError('CHAT_S3_ACCESS_KEY_ID and CHAT_S3_SECRET_ACCESS_KEY must be set together.');
}

function readModel(
  url: string | undefined,
  model: string | undefined,
  key: string | undefined,
): ModelSettings | undefined {
  if (url === undefined && model === undefined) return undefined;
  if (url === undefined) throw new ConfigError('CHAT_MODEL is set, so CHAT_MODEL_URL must be set too.');
  if (model === undefined) throw new ConfigError('CHAT_MODEL_URL is set, so CHAT_MODEL must be set too.');
  const protocol = URL.parse(url)?.protocol;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new ConfigError('CHAT_MODEL_URL must be an http or https URL, such as http://localhost:11434/v1.');
  }
  return { url, model, key };
}
