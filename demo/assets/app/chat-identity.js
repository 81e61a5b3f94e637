import { api, ApiError } from './api.js';

/**
 * Keeps the chat's identity in step with the shop's. `handover` is how the token gets there:
 * `provider` hands over a function that the chat calls when it needs a fresh token, `token` hands over a string and again
 * at each `token-expiring`, `once` hands over a string and lets it expire.
 */
export function createChatIdentity({ onSessionEnded, onNote }) {
  let handover = new URLSearchParams(location.search).get('handover') ?? 'provider';
  // Counts sign-ins and sign-outs: a token that arrives after the next one was meant for somebody else.
  let turn = 0;

  function chat(...call) {
    // Before the script has arrived, the stub answers nothing.
    Promise.resolve(window.chat(...call)).catch((error) => onNote(`${call[0]}: ${error.message}`));
  }

  async function fetchToken() {
    try {
      return await api.chatToken();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not_signed_in') onSessionEnded();
      throw error;
    }
  }

  async function handOverString() {
    const meantFor = turn;
    try {
      const token = await fetchToken();
      if (meantFor === turn) chat('identify', token);
    } catch (error) {
      onNote(`token: ${error.message}`);
    }
  }

  function identify() {
    turn += 1;
    if (handover === 'provider') chat('identify', fetchToken);
    else void handOverString();
  }

  document.addEventListener('chat-token-expiring', () => {
    if (handover === 'token') void handOverString();
  });

  return {
    identify,
    logout() {
      turn += 1;
      chat('logout');
    },
    get handover() {
      return handover;
    },
    set handover(value) {
      handover = value;
    },
  };
}
