/** RSA keys under 2,048 bits verify nothing here. */
const minBytes = 256;
const maxBytes = 2_048;
const sieveLimit = 65_536;

let smallPrimes: readonly bigint[] | undefined;

/**
 * Whether bytes may be the modulus of an RSA key (`n` of a JWK): 2,048 bits or more, and no prime factor under 65,536. Every
 * modulus is so, and of random numbers of that length one in twenty. HMAC hashes a secret of more than 64 bytes anyway, so
 * that nothing is lost with those.
 */
export function looksLikeRsaModulus(bytes: Uint8Array): boolean {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? new Uint8Array() : bytes.subarray(start);
  if (digits.byteLength < minBytes || digits.byteLength > maxBytes) return false;
  const number = BigInt(`0x${Buffer.from(digits).toString('hex')}`);
  smallPrimes ??= primesBelow(sieveLimit);
  return smallPrimes.every((prime) => number % prime !== 0n);
}

/** The sieve of Eratosthenes. */
function primesBelow(limit: number): readonly bigint[] {
  const isComposite = new Uint8Array(limit);
  const primes: bigint[] = [];
  for (let number = 2; number < limit; number++) {
    if (isComposite[number] === 1) continue;
    primes.push(BigInt(number));
    for (let multiple = number * number; multiple < limit; multiple += number) isComposite[multiple] = 1;
  }
  return primes;
}
