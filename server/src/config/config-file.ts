import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigInput } from './config-schema.ts';
import { ConfigError } from './environment.ts';
import { jsonMistake } from './json-mistake.ts';

/** A configuration that was read, not yet checked. */
export type ConfigSource = {
  readonly config: ConfigInput;
  /** Folder that its relative paths start from. */
  readonly baseDirectory: string;
};

/**
 * Reads a configuration file. What it says is checked where the server is created.
 *
 * @throws ConfigError where there is no such file, or it is not JSON. The text is not quoted: it holds secrets.
 */
export async function readConfigFile(path: string): Promise<ConfigSource> {
  const file = resolve(path);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})`;
    throw new ConfigError(`${path}: ${why}`);
  });
  return { config: parse(text, path) as ConfigInput, baseDirectory: dirname(file) };
}

function parse(text: string, path: string): unknown {
  const bare = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(bare);
  } catch {
    const { line, column } = jsonMistake(bare);
    throw new ConfigError(`${path}: this is not JSON (line ${line} column ${column})`);
  }
}

/** For trying it out: one agent that answers from the demo shop's articles, for pages on this machine. */
export function defaultConfig(): ConfigSource {
  const config: ConfigInput = {
    agents: [
      {
        id: 'demo',
        name: 'Fernhill help',
        knowledge: 'demo/articles',
        greeting: 'Hello! Ask me anything about orders, delivery and returns.',
        suggestions: ['Where is my order?', 'How do I return something?', 'Which payment methods do you take?'],
        allowedOrigins: ['http', 'https'].flatMap((scheme) =>
          ['localhost', '127.0.0.1', '[::1]'].map((host) => `${scheme}://${host}:*`),
        ),
      },
    ],
  };
  return { config, baseDirectory: fileURLToPath(new URL('../../..', import.meta.url)) };
}
