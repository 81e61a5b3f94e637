import { constants, createHash, sign, type KeyObject } from 'node:crypto';
import type { Signer } from './agents.ts';
import type { Draft } from './draft.ts';

type Scheme = readonly [string, (draft: Draft) => Signer];

const privateKeyOf = ({ key }: Draft): KeyObject => {
  if (key?.privateKey !== undefined) return key.privateKey;
  throw new Error('This draft has no key pair.');
};

const rsaWith =
  (hash: string, padding: number, saltLength?: number) =>
  (draft: Draft): Signer =>
  (input) =>
    sign(hash, Buffer.from(input), {
      key: privateKeyOf(draft),
      padding,
      ...(saltLength === undefined ? {} : { saltLength }),
    });

const { RSA_PKCS1_PADDING: pkcs1, RSA_PKCS1_PSS_PADDING: pss } = constants;

const edOrder = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

/** The same signature with the group's order added to its second half, which careless verifiers accept. */
function withOrderAdded(signature: Uint8Array): Uint8Array {
  const half = Buffer.from(signature.subarray(32)).reverse();
  const sum = (BigInt(`0x${half.toString('hex')}`) + edOrder).toString(16).padStart(64, '0');
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(sum, 'hex').reverse()]);
}

/** Good signatures by the host's own key, of another scheme or in another form. */
export const otherSchemes: { readonly [algorithm: string]: readonly Scheme[] } = {
  RS256: [
    ['PSS', rsaWith('sha256', pss, 32)],
    ['SHA-1', rsaWith('sha1', pkcs1)],
    ['SHA-512', rsaWith('sha512', pkcs1)],
  ],
  PS256: [
    ['PKCS #1', rsaWith('sha256', pkcs1)],
    ['a short salt', rsaWith('sha256', pss, 20)],
    ['no salt', rsaWith('sha256', pss, 0)],
    ['SHA-384', rsaWith('sha384', pss, 48)],
  ],
  ES256: [
    ['DER', (draft) => (input) => sign('sha256', Buffer.from(input), privateKeyOf(draft))],
    [
      'SHA-384',
      (draft) => (input) => sign('sha384', Buffer.from(input), { key: privateKeyOf(draft), dsaEncoding: 'ieee-p1363' }),
    ],
    [
      'an r of zero',
      ({ sign: signed }) =>
        (input) =>
          Buffer.concat([Buffer.alloc(32), signed(input).subarray(32)]),
    ],
  ],
  EdDSA: [
    [
      'the order added',
      ({ sign: signed }) =>
        (input) =>
          withOrderAdded(signed(input)),
    ],
    [
      'a hash of the text',
      ({ sign: signed }) =>
        (input) =>
          signed(createHash('sha512').update(input).digest()),
    ],
  ],
};
