import { first } from './first.ts';
import { launcher } from './launcher.ts';
import { createRules } from './rules.ts';

const { plural, percent } = createRules('en');

/** Every text that a visitor can read or hear, in English. Functions take what varies. */
export const en = {
  ...first,
  ...launcher,

  newConversation: 'New conversation',
  conversations: 'Earlier conversations',
  untitled: 'Untitled conversation',

  charactersLeft: (count: number) => plural(count, { one: '# character left', other: '# characters left' }),
  charactersOver: (count: number) => plural(count, { one: '# character too many', other: '# characters too many' }),

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
  moreSources: (count: number) => plural(count, { one: '# more source', other: '# more sources' }),
  opensInNewTab: 'opens in a new tab',
  sending: 'Sending…',
  waiting: 'Waiting for connection…',
  notSent: 'Not sent.',
  tool: (name: string) => `Working on it: ${name}`,
  toolDone: (name: string) => `Done: ${name}`,
  toolFailed: (name: string) => `Did not work: ${name}`,
  toolWaiting: (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}?`,
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

  // Starting and finding conversations
  menu: 'More',
  conversationList: 'Your conversations',
  search: 'Search your conversations',
  clearSearch: 'Clear search',
  noConversations: 'No conversations yet.',
  moreConversations: 'Show more',
  noneFound: 'No conversation has these words.',
  searching: 'Searching…',
  foundCount: (count: number) => plural(count, { one: '# conversation found', other: '# conversations found' }),
  rename: 'Rename',
  renameTitle: (title: string) => `Rename “${title}”`,
  newTitle: 'New title',
  save: 'Save',
  cancel: 'Cancel',
  back: 'Back to the conversation',
  unread: (count: number) => plural(count, { one: '# unread message', other: '# unread messages' }),
  unreadTitle: (count: number) => plural(count, { one: 'New message', other: '# new messages' }),
  newMessages: 'New messages',
  today: 'Today',
  yesterday: 'Yesterday',
  sentAt: (time: string) => `Sent at ${time}`,

  // Under an answer
  regenerate: 'Answer again',
  editMessage: 'Edit this message',
  editing: 'You are changing your last message.',
  copy: 'Copy',
  copyCode: 'Copy code',
  copyAnswer: 'Copy answer',
  copied: 'Copied',
  helpful: 'Helpful',
  notHelpful: 'Not helpful',
  feedbackThanks: 'Thank you for your feedback.',
  feedbackComment: 'What could be better? (optional)',
  feedbackSend: 'Send feedback',
  showImage: 'Show image',
  imageFrom: (host: string) => `Image from ${host}, not loaded yet`,
  imageFailed: 'This image could not be loaded.',

  // Attachments
  attach: 'Attach a file',
  attachments: 'Attached files',
  removeFile: (name: string) => `Remove ${name}`,
  uploading: (name: string, share: number) => `${name}: ${percent(share)} uploaded`,
  uploaded: (name: string) => `${name}: attached`,
  uploadFailed: (name: string) => `${name} could not be uploaded.`,
  fileTooLarge: (name: string, limit: string) => `${name} is larger than ${limit}.`,
  fileType: (name: string) => `Files such as ${name} cannot be attached here.`,
  fileTypes: (types: string) => `Possible types: ${types}.`,
  tooManyFiles: (count: number) =>
    plural(count, {
      one: 'Only # file can be sent with a message.',
      other: 'Only # files can be sent with a message.',
    }),
  sendsWhenUploaded: 'Your message is sent as soon as the files are uploaded.',
  dismiss: 'Dismiss',
  dropFiles: 'Drop files here to attach them',
  openFile: (name: string) => `Open ${name}`,
  download: 'Download',

  // Transcript and speech
  transcript: 'Download this conversation',
  transcriptOf: (name: string) => `Conversation with ${name}`,
  readAloud: 'Read out answers as they are written',
  readAloudHint: 'For screen readers, sentence by sentence',

  // Before the first message
  consentTitle: 'Before we start',
  consentAccept: 'Agree and continue',
  consentMore: 'Read more',
  formTitle: 'Who are we talking to?',
  formName: 'Your name',
  formEmail: 'Your e-mail address',
  formOptional: 'optional',
  formMissing: 'Please fill this in.',
  formEmailInvalid: 'Please write an address such as name@example.com.',
  formStart: 'Start the conversation',

  // People
  handoffRequested: 'We are asking somebody to join. You can go on writing.',
  handoffActive: (name: string) => `${name} is answering now.`,
  handoffEnded: 'The assistant is answering again.',
  human: 'Somebody from the team',
  typing: (name: string) => `${name} is typing…`,

  // Actions
  retry: 'Retry',
  edit: 'Edit',
  signIn: 'Sign in',
  signInAgain: 'Sign in again',

  // Sign-in
  signInTitle: 'Sign in to continue',
  signInText: 'To answer this, we need to know that it is you.',
  signInHere: 'Sign in on this site, then come back to this chat.',
  signedInNow: 'You are signed in now. Ask for the answer again.',
  deniedTitle: 'This chat is for signed-in visitors',
  deniedText: 'Please sign in on this site to start a conversation.',
  expired: 'Your sign-in has run out. Sign in again to go on; nothing you wrote is lost.',
  rejected: 'We could not confirm who you are, so your account is not available here.',
  revoked: 'You have been signed out. Sign in again to see your conversations.',

  // When something goes wrong
  offline: 'You are offline. You can go on writing; it is sent when you are back.',
  reconnecting: 'The connection was lost. Reconnecting…',
  inSeconds: (seconds: number) => plural(seconds, { one: 'Try again in # second.', other: 'Try again in # seconds.' }),
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
    attachment_not_found: 'This file is no longer there.',
    unsupported_type: 'Files of this type cannot be sent here.',
    consent_required: 'Please agree first; what you wrote is kept.',
    form_required: 'Please tell us who you are first; what you wrote is kept.',
    token_provider: 'Your sign-in could not be renewed. Please sign in again.',
  },

  // Markdown, for assistive technology
  table: 'Table',
  code: 'Code',
  done: 'Done',
  notDone: 'Not done',
  image: 'Image',
};

export type Strings = typeof en & {
  /** A greeting of the page's own, which comes before the agent's; `greeting` is what is said where neither has one. */
  readonly pageGreeting?: string;
};
