// The shop alone, beside a chat server that runs already: `node demo/main.ts`. `npm start` starts both.
import { readShopEnvironment } from './server/environment.ts';
import { startShop } from './server/start-shop.ts';

try {
  const shop = await startShop(readShopEnvironment(process.env));
  console.log(`Fernhill, the demo shop: ${shop.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shop.close());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
