export { messageView, transcript, type TranscriptNames } from './transcript.ts';
export type { Conversation } from './types.ts';
