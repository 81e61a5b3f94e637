export { type ConversationServiceOptions, createConversationService } from './conversation-service.ts';
export { type DeskEvent, tellDesk, watchDesk } from './desk-events.ts';
export { encodeFrameId, parseFrameId } from './frame-id.ts';
export type { ServiceLog } from './service-log.ts';
export type { Timing } from './timing.ts';
export * from './types.ts';
export type { ReplyLimits } from './reply-slots.ts';
