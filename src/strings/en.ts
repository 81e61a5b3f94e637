import { first } from './first.ts';

/** Every text that a visitor can read or hear, in English. Functions take what varies. */
export const en = {
  ...first,

  untitled: 'Untitled conversation',

  // Conversation
  you: 'You',
  greeting: 'Hello! How can I help?',
  suggestions: 'Suggested questions',
  loadOlder: 'Show earlier messages',
  loadingOlder: 'Loading earlier messages…',
  jump: 'Jump to newest message',
  writing: (name: string) => `${name} is writing…`,
  replied: (name: string, text: string) => `${name}: ${text}`,
  sources: 'Sources',
  opensInNewTab: 'opens in a new tab',
  sending: 'Sending…',
  notSent: 'Not sent.',
  tool: (name: string) => `Working on it: ${name}`,
  toolDone: (name: string) => `Done: ${name}`,
  toolFailed: (name: string) => `Did not work: ${name}`,
  toolWaiting: (name: string) => `Shall I do this: ${name}?`,
  toolApproved: (name: string) => `You approved: ${name}`,
  toolDeclined: (name: string) => `You declined: ${name}`,
  toolExpired: (name: string) => `Not approved in time: ${name}`,
  approve: 'Approve',
  decline: 'Decline',
  approveTool: (name: string) => `Approve: ${name}`,
  declineTool: (name: string) => `Decline: ${name}`,
  stopped: 'You stopped this answer.',
  failed: 'This answer could not be finished.',
  interrupted: 'This answer was interrupted.',

  // Actions
  retry: 'Retry',
  edit: 'Edit',
  signIn: 'Sign in',
  signInAgain: 'Sign in again',

  // Sign-in
  signInTitle: 'Sign in to continue',
  signInText: 'To answer this, we need to know that it is you.',
  signedInNow: 'You are signed in now. Ask for the answer again.',
  deniedTitle: 'This chat is for signed-in visitors',
  deniedText: 'Please sign in on this site to start a conversation.',
  expired: 'Your sign-in has run out. Sign in again to go on; nothing you wrote is lost.',
  rejected: 'We could not confirm who you are, so your account is not available here.',
  revoked: 'You have been signed out. Sign in again to see your conversations.',

  // When something goes wrong
  offline: 'You are offline. You can go on writing; it is sent when you are back.',
  reconnecting: 'The connection was lost. Reconnecting…',
  inSeconds: (seconds: number) => (seconds === 1 ? 'Try again in 1 second.' : `Try again in ${seconds} seconds.`),
  failures: {
    invalid_token: 'We could not confirm your sign-in. What you wrote is kept, and sent once you have signed in.',
    no_permission: 'You do not have access to this chat.',
    origin_not_allowed: 'This chat is not available on this site.',
    agent_not_found: 'This chat is not available at the moment.',
    conversation_not_found: 'This conversation no longer exists. Start a new one.',
    message_not_found: 'This message no longer exists.',
    approval_not_found: 'There is nothing to approve any more.',
    approval_expired: 'The time to approve this is over. Please ask again.',
    not_found: 'This is not available at the moment.',
    method_not_allowed: 'Something went wrong on our side. Please try again.',
    message_conflict: 'This message was already sent with other words. Edit it and send it again.',
    conversation_busy: 'An answer is still being written. Please wait for it.',
    too_large: 'This message is too long. Please shorten it.',
    invalid_request: 'This message could not be understood. Edit it and try again.',
    rate_limited: 'That was a lot of messages in a short time.',
    internal: 'Something went wrong on our side. Please try again.',
    unavailable: 'The chat is taking a short break. Please try again in a moment.',
    network: 'We could not reach the chat. Check your connection.',
    stream: 'The connection broke while the answer was being written.',
    insecure_page: 'Signing in needs a secure page (https).',
    token_provider: 'Your sign-in could not be renewed. Please sign in again.',
  },

  // Markdown, for assistive technology
  table: 'Table',
  code: 'Code',
  done: 'Done',
  notDone: 'Not done',
  image: 'Image',
};

export type Strings = typeof en;
