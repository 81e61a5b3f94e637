export * from './api.ts';
export * from './identity.ts';
export * from './message.ts';
export * from './plain-text.ts';
export * from './problem.ts';
export * from './reduce.ts';
export * from './stream.ts';
