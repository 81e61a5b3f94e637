import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createShop, type ShopOptions } from './shop.ts';

export type StartShopOptions = ShopOptions & {
  /** 0 takes any free port. Default 3000. */
  readonly port?: number;
  /** Address to listen on. Default the loopback: the demo's passwords are public. */
  readonly hostname?: string;
};

export type RunningShop = {
  readonly url: string;
  readonly port: number;
  /** Resolves when nothing listens any more; open connections are cut. */
  readonly close: () => Promise<void>;
};

/** Rejects with Node's system error (`EADDRINUSE`, `EACCES`) when the port cannot be had. */
export async function startShop(options: StartShopOptions): Promise<RunningShop> {
  const server = createAdaptorServer({ fetch: createShop(options).fetch });
  server.listen(options.port ?? 3000, options.hostname ?? '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
