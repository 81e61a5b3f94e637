import { begin, finish } from '../agents/model-server.ts';
import { serve, type OtherBackend } from './serve.ts';

/** Speaks the OpenAI chat-completions protocol, behind a host's own check of tokens. */
export function startOpenAi(secret: string): Promise<OtherBackend> {
  return serve({
    type: 'openai',
    secret,
    answer({ response, subject, hungUp }) {
      begin(response);
      return {
        subject,
        hungUp,
        say: (text) => {
          const choice = { index: 0, delta: { content: text }, finish_reason: null };
          response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [choice] })}\n\n`);
        },
        finish: () => finish(response),
        fail: () =>
          void response.end(`data: ${JSON.stringify({ error: { message: 'sk-123 is over its quota' } })}\n\n`),
        cut: () => void response.destroy(),
      };
    },
  });
}
