/**
 * What a page can style by `chat-widget::part(name)`. What is said here is what editors show, and what
 * `custom-elements.json` and `docs/styling.md` say.
 */
export type PanelParts = {
  /** Everything that opens. */
  panel: true;
  /** The row at the top. */
  header: true;
  /** The initial of the agent, or of a person. */
  avatar: true;
  /** The agent's name. */
  title: true;
  /** Who the visitor is taken for. */
  identity: true;
  /** Any button but the launcher, the send button and those named below. */
  button: true;
  /** A line below the header: offline, signed out, too many messages. */
  notice: true;
  /** The scrolled list of messages. */
  messages: true;
  /** Any message. */
  message: true;
  /** A message of the visitor's. */
  'user-message': true;
  /** An answer. */
  'agent-message': true;
  /** An answer that a person wrote. */
  'operator-message': true;
  /** Around the text of a visitor's message. */
  bubble: true;
  /** The text of an answer. */
  text: true;
  /** Who wrote an answer. */
  author: true;
  /** When a message was written. */
  time: true;
  /** The line between two days. */
  day: true;
  /** The line above what nobody has seen yet. */
  'new-messages': true;
  /** The dots of somebody who writes. */
  typing: true;
  /** What became of a message. */
  status: true;
  /** What went wrong. */
  failure: true;
  /** Copy, rate and answer again, below an answer. */
  'message-tools': true;
  /** Comment on a rating. */
  feedback: true;
  /** The field of that comment. */
  'feedback-input': true;
  /** What the agent does or did. */
  tool: true;
  /** What it said of that. */
  'tool-result': true;
  /** What it does only if the visitor approves. */
  approval: true;
  /** Where an answer comes from. */
  sources: true;
  /** One of these. */
  source: true;
  /** The offer to sign in. */
  'sign-in': true;
  /** A person takes over, or leaves. */
  handoff: true;
  /** A file in a message. */
  file: true;
  /** The picture in it. */
  'file-image': true;
  /** What an empty conversation shows. */
  welcome: true;
  /** The agent's greeting. */
  greeting: true;
  /** A starter. */
  suggestion: true;
  /** What stands there for those who have no access. */
  denied: true;
  /** The button that goes to the newest message. */
  jump: true;
  /** The list of conversations. */
  conversations: true;
  /** One of these. */
  conversation: true;
  /** How many messages nobody has seen, on one of these. */
  'conversation-badge': true;
  /** The field that searches them. */
  search: true;
  /** The field that renames one. */
  rename: true;
  /** The menu in the header. */
  menu: true;
  /** An entry of it. */
  'menu-item': true;
  /** What is asked before the first message. */
  gate: true;
  /** The gate where it asks for consent. */
  consent: true;
  /** The gate where it asks for name or e-mail. */
  form: true;
  /** One of the form's fields with its name. */
  'gate-field': true;
  /** The field itself. */
  'gate-input': true;
  /** Around the field to write in. */
  composer: true;
  /** The frame of that field. */
  field: true;
  /** The field to write in. */
  input: true;
  /** The button that sends, or stops the answer. */
  send: true;
  /** The line that says which message is being changed. */
  editing: true;
  /** What waits to be sent until something is done first. */
  held: true;
  /** The files that go with the next message. */
  tray: true;
  /** One of these. */
  attachment: true;
  /** What is shown while a file is dragged over the panel. */
  drop: true;
  /** A block of code in an answer. */
  code: true;
  /** Its language. */
  'code-language': true;
  /** The button that copies it. */
  'code-copy': true;
  /** A picture in an answer, before and after the visitor asks for it. */
  image: true;
  /** What it shows, in words. */
  'image-alt': true;
  /** The button that asks for it. */
  'image-show': true;
  /** The picture. */
  'image-shown': true;
  /** Where a link leads whose words say something else. */
  address: true;
};

/** The custom properties that a page can set, on `chat-widget` or anything around it; defaults in `docs/styling.md`. */
export type PanelProperties = {
  /** Colour of what acts: launcher, send button, tints; opaque. */
  '--chat-accent': string;
  /** Text and icons on the accent. Default: black or white, whichever has the more contrast. */
  '--chat-on-accent': string;
  /** Links, icons and focus on the surface. Default: the accent, as much darker or lighter as 4.5:1 takes. */
  '--chat-accent-text': string;
  /** Behind everything. */
  '--chat-surface': string;
  /** Behind code, table heads and notices. */
  '--chat-sunken': string;
  /** What is read. */
  '--chat-text': string;
  /** What is said about it: times, states, placeholders. */
  '--chat-muted': string;
  /** Quiet lines. */
  '--chat-border': string;
  /** Text of what went wrong. */
  '--chat-danger': string;
  /** Behind that text. */
  '--chat-danger-surface': string;
  /** Text of what to look out for. */
  '--chat-warning': string;
  /** Behind that text. */
  '--chat-warning-surface': string;
  /** `box-shadow` of a floating panel. */
  '--chat-shadow': string;
  /** Of the panel's corners; those inside follow it. A length with its unit. */
  '--chat-radius': string;
  /** Font family. */
  '--chat-font': string;
  /** Of running text; all other sizes follow it. */
  '--chat-font-size': string;
  /** Font family of code. */
  '--chat-font-mono': string;
  /** Factor of all spaces. */
  '--chat-density': string;
  /** Width of a floating panel. */
  '--chat-width': string;
  /** Height of a floating panel. */
  '--chat-height': string;
  /** From the edges of the window to launcher and panel. */
  '--chat-offset': string;
  /** Diameter of the launcher. */
  '--chat-launcher-size': string;
  /** `padding` around what the page puts into the header. */
  '--chat-header-slot-padding': string;
  /** `padding` around what the page puts above the greeting. */
  '--chat-welcome-slot-padding': string;
  /** `padding` around what the page puts below the composer. */
  '--chat-footer-slot-padding': string;
  /** Of launcher and floating panel. */
  '--chat-z-index': string;
};
