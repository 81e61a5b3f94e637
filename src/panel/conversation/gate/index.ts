import { Gate, type GateHost } from './gate.ts';

export type { Gate };

export function createGate(host: GateHost): Gate {
  return new Gate(host);
}
