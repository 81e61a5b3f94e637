/**
 * The part of the texts that a panel needs to be typed in; the others come with the conversation.
 */
export const first = {
  close: 'Close chat',
  signedInAs: (name: string) => `Signed in as ${name}`,
  signedIn: 'Signed in',
  notVerified: (name: string) => `${name} · not verified`,
  unproven: 'Not verified',
  checkingSignIn: 'Checking your sign-in…',
  assistant: 'Assistant',
  log: 'Conversation',
  loading: 'Loading the conversation…',
  loadFailed: 'The conversation could not be loaded.',
  tryAgain: 'Try again',
  message: 'Your message',
  placeholder: 'Write a message…',
  send: 'Send',
  stop: 'Stop answering',
};

export type FirstStrings = typeof first;
