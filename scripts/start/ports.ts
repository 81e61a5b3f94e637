import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** A port that one of our servers wants, and the environment variable that changes it. */
export type WantedPort = { readonly variable: string; readonly port: number; readonly purpose: string };

/** Why we cannot start, as a sentence for the terminal. */
export type PortProblem = string;

/** Looks whether all ports can be had. Port 0 always can. */
export async function findPortProblem(wanted: readonly WantedPort[]): Promise<PortProblem | undefined> {
  const seen = new Map<number, WantedPort>();
  for (const want of wanted) {
    const other = seen.get(want.port);
    if (want.port !== 0 && other !== undefined) {
      return `${other.variable} and ${want.variable} are both ${want.port}. Give them different ports.`;
    }
    seen.set(want.port, want);
    const problem = want.port === 0 ? undefined : await describe(await tryPort(want.port), want, wanted);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The next one that nobody listens on, and that is not meant for another of our servers. */
async function findOtherPort(taken: number, wanted: readonly WantedPort[]): Promise<number> {
  for (let port = taken + 1; port <= Math.min(taken + 20, 65_535); port += 1) {
    if (wanted.every((want) => want.port !== port) && (await tryPort(port)) === undefined) return port;
  }
  return findFreePort();
}

/**
 * A port that is free now, and is likely to be until the server that it is meant for has started: from below those that a
 * system gives to outgoing connections and to whoever asks for port 0 (Linux from 32,768 on, others from 49,152 on).
 */
export async function findFreePort(): Promise<number> {
  const port = randomInt(20_000, 32_768);
  return (await tryPort(port)) === undefined ? port : findFreePort();
}

// Both are asked: some systems let the loopback be taken while another program listens on all addresses.
async function tryPort(port: number): Promise<string | undefined> {
  return (await listenOnce(port, undefined)) ?? (await listenOnce(port, '127.0.0.1'));
}

function listenOnce(port: number, host: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host }, () => server.close(() => resolve(undefined)));
  });
}

async function describe(
  code: string | undefined,
  { port, variable, purpose }: WantedPort,
  wanted: readonly WantedPort[],
): Promise<PortProblem | undefined> {
  if (code === undefined || code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL') return undefined;
  if (code === 'EADDRINUSE') {
    return (
      `Port ${port} is taken by another program, and ${purpose} needs it.\n` +
      `Stop that program, or choose another port: ${variable}=${await findOtherPort(port, wanted)} npm start`
    );
  }
  if (code === 'EACCES') {
    return `Port ${port} may not be used by this account. Choose another one: ${variable}=8080 npm start`;
  }
  return `Port ${port} cannot be used (${code}). Choose another one with ${variable}.`;
}
