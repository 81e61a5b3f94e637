const sentences = {
  anonymous: ['The chat sees you as ', 'anonymous', '.'],
  'self-reported': ['You chat as ', 'self-reported', ': a name that nobody has checked.'],
  verifying: ['The chat is ', 'verifying', ' who you are.'],
  verified: ['The chat knows with proof who you are: ', 'verified', '.'],
  expired: ['Your chat sign-in has ', 'expired', '. What you typed is kept.'],
  rejected: ['The chat has ', 'rejected', ' the token'],
};

/** Shows a state of `chat-identity-changed` in the page's state line. */
export function showIdentityState(element, { state, reason }) {
  const [before, word, after] = sentences[state] ?? ['The chat says: ', state, '.'];
  const strong = document.createElement('strong');
  strong.textContent = word;
  element.dataset.state = state;
  element.replaceChildren(before, strong, reason ? `${after.replace(/\.$/, '')} (${reason}).` : after);
}
