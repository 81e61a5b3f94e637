import 'chat-widget';
import type {} from 'chat-widget/solid';
import { createMemo, createSignal, Show } from 'solid-js';
import { fetchToken, signIn, signOut, type Account, type ChatSettings, type User } from '../../shared/shop.ts';

const suggestions = ['Which plants are easy?', 'How do I return something?'];
const metadata = JSON.stringify({ page: 'solid' });

export function Support(props: ChatSettings) {
  const [user, setUser] = createSignal<User>();
  const [identity, setIdentity] = createSignal('anonymous');
  const [notice, setNotice] = createSignal('');
  const [isThere, setThere] = createSignal(true);
  // Another function for another user identifies anew; none signs out.
  const tokenProvider = createMemo(() => (user() ? () => fetchToken() : undefined));

  const enter = async (account: Account) => setUser(await signIn(account));
  const leave = async () => {
    await signOut();
    setUser(undefined);
  };

  return (
    <>
      <h1>The chat in Solid</h1>
      <p>
        The shop knows <b id="user">{user()?.name ?? 'nobody'}</b>, the chat is <b id="identity">{identity()}</b>.
      </p>
      <nav>
        <button onClick={() => enter('ada')}>Sign in as Ada</button>
        <button onClick={() => enter('grace')}>Sign in as Grace</button>
        <button onClick={leave}>Sign out</button>
        <button onClick={() => setThere(!isThere())}>{isThere() ? 'Remove the chat' : 'Add the chat'}</button>
      </nav>
      <p id="notice">{notice()}</p>
      <Show when={isThere()}>
        <chat-widget
          attr:agent-id={props.agentId}
          attr:server={props.server}
          attr:metadata={metadata}
          prop:suggestions={suggestions}
          prop:tokenProvider={tokenProvider()}
          on:chat-identity-changed={({ detail }) => setIdentity(detail.state)}
          on:chat-sign-in-requested={() => setNotice('The chat asks you to sign in.')}
          on:chat-message-sent={({ detail }) => setNotice(`Sent: ${detail.id}`)}
        />
      </Show>
    </>
  );
}
