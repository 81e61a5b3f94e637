import 'chat-widget';
import type {} from 'chat-widget/react';
import { useMemo, useState } from 'react';
import { fetchToken, signIn, signOut, type Account, type ChatSettings, type User } from '../../shared/shop.ts';

const suggestions = ['Which plants are easy?', 'How do I return something?'];
const metadata = JSON.stringify({ page: 'react' });

export function Support({ server, agentId }: ChatSettings) {
  const [user, setUser] = useState<User>();
  const [identity, setIdentity] = useState('anonymous');
  const [notice, setNotice] = useState('');
  const [isThere, setThere] = useState(true);
  // Another function for another user identifies anew; none signs out.
  const tokenProvider = useMemo(() => (user ? () => fetchToken() : undefined), [user]);

  const enter = async (account: Account) => setUser(await signIn(account));
  const leave = async () => {
    await signOut();
    setUser(undefined);
  };

  return (
    <>
      <h1>The chat in React</h1>
      <p>
        The shop knows <b id="user">{user?.name ?? 'nobody'}</b>, the chat is <b id="identity">{identity}</b>.
      </p>
      <nav>
        <button onClick={() => enter('ada')}>Sign in as Ada</button>
        <button onClick={() => enter('grace')}>Sign in as Grace</button>
        <button onClick={leave}>Sign out</button>
        <button onClick={() => setThere(!isThere)}>{isThere ? 'Remove the chat' : 'Add the chat'}</button>
      </nav>
      <p id="notice">{notice}</p>
      {isThere && (
        <chat-widget
          agent-id={agentId}
          server={server}
          metadata={metadata}
          suggestions={suggestions}
          tokenProvider={tokenProvider}
          onchat-identity-changed={({ detail }) => setIdentity(detail.state)}
          onchat-sign-in-requested={() => setNotice('The chat asks you to sign in.')}
          onchat-message-sent={({ detail }) => setNotice(`Sent: ${detail.id}`)}
        />
      )}
    </>
  );
}
