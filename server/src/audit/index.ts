export { type AuditTally, type Counted, createAuditTally } from './audit-tally.ts';
