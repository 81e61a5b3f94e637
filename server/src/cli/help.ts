type Topic = {
  /** In one line, for the list of commands. */
  readonly summary: string;
  /** The lines of each verb. */
  readonly verbs: { readonly [verb: string]: string };
};

const topics: { readonly [command: string]: Topic } = {
  keys: {
    summary: 'make, import, list, reveal, rename, retire and remove the keys that tokens are signed with',
    verbs: {
      create: '  keys create --agent <id> [--name <text>] [--id <key>]       a new secret, shown once',
      import: `  keys import --agent <id> --secret-file <file | ->           a secret that you have
  keys import --agent <id> --public-key <file | -> --algorithm <RS256 | PS256 | ES256 | EdDSA>
                                                              the policy's algorithms must name it: policy set first`,
      list: '  keys list --agent <id>                                      also those of a JWKS, and which of them count',
      reveal: '  keys reveal --agent <id> <key>                              where the policy has revealableKeys=true',
      rename: '  keys rename --agent <id> <key> <name>',
      retire:
        '  keys retire --agent <id> <key>                              its tokens are refused from the next request on',
      remove: '  keys remove --agent <id> <key>                              the same, and forgets it',
    },
  },
  policy: {
    summary: 'show and set what an agent asks of tokens',
    verbs: {
      show: '  policy show --agent <id>',
      set: '  policy set --agent <id> [<preset>] [<setting>=<value> ...]  an empty value sets nothing any more',
    },
  },
  token: {
    summary: 'sign a token to try the widget with, and say why one is accepted or refused',
    verbs: {
      sign: `  token sign --agent <id> --sub <user> [--name <text>] [--email <address>] [--claim <name>=<value> ...]
             [--expires 1h] [--key <key>]                     a token to try the widget with`,
      debug: '  token debug [--agent <id>] <token | ->                      why a token is accepted or refused',
    },
  },
  operators: {
    summary: 'who signs in to the dashboard, and links for those who cannot yet or any more',
    verbs: {
      link: `  operators link                                              a one-time link for the first administrator
  operators link --email <address>                            for somebody who has lost their password, or their link
  --url <address>    where browsers find the server           (publicUrl of --config, or http://localhost: and PORT or 8787)`,
      list: '  operators list',
    },
  },
};

const common = `
  --agent <id>       whose keys and policy; may be left out where there is one agent
  --data <folder>    where the server's SQLite keeps its data    (CHAT_DATA_DIR, default ./.data; DATABASE_URL for Postgres)
  --config <file>    the server's configuration                  (CHAT_CONFIG, default: one agent "demo")
  --json             answers as JSON
`;

function linesOf({ verbs }: Topic): string {
  return Object.values(verbs).join('\n');
}

/** All commands beside serve. */
export const toolUsage = `
Commands beside serve, for the database that the server has (it may be running):
${Object.values(topics).map(linesOf).join('\n')}
${common}`;

/** What there is, for somebody who has named no command, or none of them. */
export const overview = `Usage: chat-widget-server <command> [options]

  serve     run the server
${Object.entries(topics)
  .map(([name, { summary }]) => `  ${name.padEnd(8)}  ${summary}`)
  .join('\n')}

chat-widget-server <command> --help tells of one of them, chat-widget-server --help of all.
`;

/** The help of one command, or of one of its verbs; undefined for what is none of these commands. */
export function helpOf(command: string | undefined, verb: string | undefined): string | undefined {
  const topic = own(topics, command);
  if (topic === undefined) return undefined;
  return `Usage: chat-widget-server ${command} ...\n\n${own(topic.verbs, verb) ?? linesOf(topic)}\n${common}`;
}

function own<Value>(record: { readonly [name: string]: Value }, name: string | undefined): Value | undefined {
  return name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
