import { EventType, type BaseEvent } from '@ag-ui/core';
import { EventSchemas, RunAgentInputSchema } from '@ag-ui/core/schemas';
import { EventEncoder } from '@ag-ui/encoder';
import { serve, type OtherBackend } from '../../../server/test/other-backends/serve.ts';

/** An AG-UI agent: what comes in and what goes out are held against the protocol's own schemas. */
export function startAgUi(secret: string): Promise<OtherBackend> {
  const encoder = new EventEncoder();
  return serve({
    type: 'ag-ui',
    secret,
    answer({ response, body, subject, hungUp }) {
      const { threadId, runId } = RunAgentInputSchema.parse(body);
      const emit = (event: object): void => {
        response.write(encoder.encode(EventSchemas.parse(event) as BaseEvent));
      };
      response.writeHead(200, { 'content-type': encoder.getContentType() });
      response.flushHeaders();
      emit({ type: EventType.RUN_STARTED, threadId, runId });
      emit({ type: EventType.TEXT_MESSAGE_START, messageId: `m-${runId}`, role: 'assistant' });
      return {
        subject,
        hungUp,
        say: (delta) => emit({ type: EventType.TEXT_MESSAGE_CONTENT, messageId: `m-${runId}`, delta }),
        finish() {
          emit({ type: EventType.TEXT_MESSAGE_END, messageId: `m-${runId}` });
          emit({ type: EventType.RUN_FINISHED, threadId, runId });
          response.end();
        },
        fail() {
          emit({ type: EventType.RUN_ERROR, message: 'sk-123 is over its quota' });
          response.end();
        },
        cut: () => void response.destroy(),
      };
    },
  });
}
