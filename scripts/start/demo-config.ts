import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chatActions } from '../../demo/chat-actions.ts';
import { defaultConfig } from '../../server/src/config/index.ts';

/**
 * Writes the configuration of the demo's chat server: its own default, with the actions that the shop answers. There is no
 * secret in it: the calls are signed with a key made of the environment's.
 *
 * @returns the file's path
 */
export function writeDemoConfig(dataFolder: string, shopOrigin: string): string {
  const { config, baseDirectory } = defaultConfig();
  const agents = config.agents.map((agent) => ({
    ...agent,
    ...(agent.knowledge === undefined ? {} : { knowledge: resolve(baseDirectory, agent.knowledge) }),
    actions: chatActions(shopOrigin),
  }));
  const file = join(dataFolder, 'demo-config.json');
  writeFileSync(file, `${JSON.stringify({ ...config, agents }, undefined, 2)}\n`, { mode: 0o600 });
  return file;
}
