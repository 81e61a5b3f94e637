import { generateKeyPairSync, type KeyObject } from 'node:crypto';

type Named<T> = readonly (readonly [title: string, value: T])[];

const pairs = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  'RSA of 3,072 bits': generateKeyPairSync('rsa', { modulusLength: 3_072 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  Ed25519: generateKeyPairSync('ed25519'),
};

/** `openssl req -x509 -newkey ed25519 -nodes -subj /CN=shop.example -days 36500`, the key thrown away. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBRDCB96ADAgECAhQuNjxgPsuY6m7eBttQvUHxOXfs7jAFBgMrZXAwFzEVMBMG
A1UEAwwMc2hvcC5leGFtcGxlMCAXDTI2MTEyMDA4MTYxOFoYDzIxMjYxMDI3MDgx
NjE4WjAXMRUwEwYDVQQDDAxzaG9wLmV4YW1wbGUwKjAFBgMrZXADIQBE5RGwdWwM
VXpgTMftdhT1BeHB3zmxxv/a1l63C4tqZ6NTMFEwHQYDVR0OBBYEFHo9Pfs6SGO/
E4xgOoGJyNMbnRp8MB8GA1UdIwQYMBaAFHo9Pfs6SGO/E4xgOoGJyNMbnRp8MA8G
A1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAug++5bsDB5dFAgNgxdXinTaKR8il0ksP
VAXYHor/1IC/Pi2xKxvlx9Ntpni8qvVl8HFdnm/KyP01Gek8PFxWAA==
-----END CERTIFICATE-----
`;

const derOf = (pem: string) => Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');

/** A key as bytes: DER, and what there is beside it for its kind. */
function bytesOf(kind: string, key: KeyObject): Named<Buffer> {
  const isRsa = kind.startsWith('RSA');
  const { n, x, y } = key.export({ format: 'jwk' });
  const modulus = Buffer.from(n ?? '', 'base64url');
  const point = Buffer.concat([Buffer.from([4]), ...[x, y].map((half) => Buffer.from(half ?? '', 'base64url'))]);
  const isPublic = key.type === 'public';
  return [
    [isPublic ? 'SPKI' : 'PKCS #8', derOf(pemOf(key))],
    ...(isRsa ? ([['PKCS #1', derOf(key.export({ type: 'pkcs1', format: 'pem' }).toString())]] as const) : []),
    ...(kind === 'P-256' && !isPublic ? ([['SEC 1', key.export({ type: 'sec1', format: 'der' })]] as const) : []),
    ...(isRsa && isPublic ? ([['modulus', modulus]] as const) : []),
    ...(isRsa && isPublic ? ([['modulus with its sign', Buffer.concat([Buffer.from([0]), modulus])]] as const) : []),
    ...(kind === 'P-256' && isPublic ? ([['point', point]] as const) : []),
  ];
}

/** A key as a text of its own. */
function textsOf(kind: string, key: KeyObject): Named<string> {
  const jwk = key.export({ format: 'jwk' });
  const ssh = Buffer.concat([sshString('ssh-ed25519'), sshString(Buffer.from(jwk.x ?? '', 'base64url'))]);
  return [
    ['PEM', pemOf(key)],
    ...(kind.startsWith('RSA')
      ? ([['PKCS #1 PEM', key.export({ type: 'pkcs1', format: 'pem' }).toString()]] as const)
      : []),
    ['JWK', JSON.stringify(jwk)],
    ['JWK on several lines', JSON.stringify(jwk, null, 2)],
    ['JWKS', JSON.stringify({ keys: [jwk] })],
    ['list of JWK', JSON.stringify([jwk])],
    ...(kind === 'Ed25519' ? ([['SSH', `ssh-ed25519 ${ssh.toString('base64')} someone@host`]] as const) : []),
    ...(kind === 'Ed25519' ? ([['SSH without its name', ssh.toString('base64')]] as const) : []),
    ...(jwk.n === undefined
      ? []
      : ([['output of openssl rsa -modulus', `Modulus=${hexOf(jwk.n).toUpperCase()}`]] as const)),
  ];
}

const hexOf = (base64url: string) => Buffer.from(base64url, 'base64url').toString('hex');

function sshString(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'pem' }).toString();
}

const inLines = (text: string) => text.replaceAll(/.{64}/g, '$&\n');

const byteSpellings: Named<(bytes: Buffer) => string> = [
  ['base64', (bytes) => bytes.toString('base64')],
  ['base64 in lines', (bytes) => inLines(bytes.toString('base64'))],
  ['base64url', (bytes) => bytes.toString('base64url')],
  ['base64 of base64', (bytes) => Buffer.from(bytes.toString('base64')).toString('base64')],
  ['hex', (bytes) => bytes.toString('hex')],
  ['hex in capitals', (bytes) => bytes.toString('hex').toUpperCase()],
  ['hex with colons', (bytes) => bytes.toString('hex').replaceAll(/..(?=.)/g, '$&:')],
  ['hex with 0x', (bytes) => `0x${bytes.toString('hex')}`],
  ['base64 of hex', (bytes) => Buffer.from(bytes.toString('hex')).toString('base64')],
];

const textSpellings: Named<(text: string) => string> = [
  ['as it is', (text) => text],
  ['trimmed', (text) => text.trim()],
  ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['with escaped line breaks', (text) => text.replaceAll('\n', String.raw`\n`)],
  ['on one line', (text) => text.replaceAll('\n', '')],
  ['as a JSON string', (text) => JSON.stringify(text)],
  ['with a byte order mark', (text) => `\ufeff${text}`],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
  ['in base64 in lines', (text) => inLines(Buffer.from(text).toString('base64'))],
  ['in base64url', (text) => Buffer.from(text).toString('base64url')],
  ['in hex', (text) => Buffer.from(text).toString('hex')],
  ['in base64 twice', (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64')],
  ['in a data URL', (text) => `data:application/x-pem-file;base64,${Buffer.from(text).toString('base64')}`],
];

const spelled = <T>(title: string, value: T, spellings: Named<(value: T) => string>): Named<string> =>
  spellings.map(([spelling, spell]) => [`${title}, ${spelling}`, spell(value)]);

/** Keys of each kind in each spelling that somebody may paste where a shared secret belongs. */
export const keyTexts: Named<string> = [
  ...Object.entries(pairs).flatMap(([kind, pair]) =>
    [pair.publicKey, pair.privateKey].flatMap((key) => [
      ...textsOf(kind, key).flatMap(([form, text]) => spelled(`${kind}, ${key.type} ${form}`, text, textSpellings)),
      ...bytesOf(kind, key).flatMap(([form, bytes]) => spelled(`${kind}, ${key.type} ${form}`, bytes, byteSpellings)),
    ]),
  ),
  ...spelled('certificate', certificate, textSpellings),
  ...spelled('certificate', derOf(certificate), byteSpellings),
];
