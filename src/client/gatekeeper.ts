import type { Core } from './core.ts';
import { withRetries } from './retry.ts';
import type { FormValues } from './types.ts';

const maxTries = 4;

/** What the agent asks for before the first message: learns of it, and lets what has waited leave once it is answered. */
export class Gatekeeper {
  readonly #core: Core;
  readonly #flush: () => void;
  readonly #unwake: () => void;

  constructor(core: Core, flush: () => void) {
    this.#core = core;
    this.#flush = flush;
    // It may have been answered in another tab meanwhile.
    this.#unwake = core.environment.onWake(() => {
      if (core.snapshot.gate === 'consent') this.#reopen();
    });
  }

  acceptConsent(): void {
    this.#core.acceptedConsent = this.#core.state.agent?.consent?.version;
    this.#flush();
  }

  submitForm(values: FormValues): void {
    const core = this.#core;
    const { identity, notes } = core.state;
    const form = Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
    );
    core.update({ notes: { ...notes, form } });
    core.identify({ type: 'self-report', ...(identity.view.state === 'self-reported' && identity.view), ...form });
    this.#flush();
  }

  /** The server has refused a message for want of an answer. Whether the visitor can give it now. */
  async learn(code: 'consent_required' | 'form_required'): Promise<boolean> {
    const core = this.#core;
    const { signal } = core;
    const agent = await withRetries(core, signal, () => core.transport.info(signal), maxTries);
    core.update({ agent });
    if (code === 'consent_required') core.acceptedConsent = undefined;
    else {
      // Whoever has said something there, the server does not take it.
      core.note({ ...core.state.notes, form: undefined });
      core.identify({ type: 'self-report' });
    }
    return core.snapshot.gate !== 'none';
  }

  close(): void {
    this.#unwake();
  }

  #reopen(): void {
    this.#core.update({});
    this.#flush();
  }
}
