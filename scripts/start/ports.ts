import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

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
    const problem = want.port === 0 ? undefined : describe(await tryPort(want.port), want);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A port that is free right now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
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

function describe(code: string | undefined, { port, variable, purpose }: WantedPort): PortProblem | undefined {
  if (code === undefined || code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL') return undefined;
  if (code === 'EADDRINUSE') {
    return (
      `Port ${port} is taken by another program, and ${purpose} needs it.\n` +
      `Stop that program, or choose another port: ${variable}=${port + 1} npm start`
    );
  }
  if (code === 'EACCES') {
    return `Port ${port} may not be used by this account. Choose another one: ${variable}=8080 npm start`;
  }
  return `Port ${port} cannot be used (${code}). Choose another one with ${variable}.`;
}
