export const tabs = ['HTML', 'Script tag', 'JavaScript', 'CSS'];

const quote = (value) => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
const camel = (name) => name.replace(/^data-user/, 'user').replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
/** A token is not copied along. */
const shown = ([name, value]) => [name, /token$/.test(name) ? '…' : value];

/** What a page says for the same, in one of four ways. */
export function renderCode(tab, { attributes, properties, tokens, calls }, server) {
  const all = Object.entries(attributes).map(shown);
  const lines = Object.entries(properties).map(([name, code]) => `widget.${name} = ${code};`);
  const script = [
    ...(lines.length > 0 || calls ? ["const widget = document.querySelector('chat-widget');"] : []),
    ...lines,
    calls,
  ];
  if (tab === 'HTML') {
    const text = all.map(([name, value]) => `\n  ${name}${value === '' ? '' : `="${quote(value)}"`}`).join('');
    return `<script async src="${server}/widget/chat.js" data-manual></script>\n<chat-widget${text}\n></chat-widget>`;
  }
  if (tab === 'Script tag') {
    const text = all.map(([name, value]) => `\n  data-${name.replace(/^data-/, '')}="${quote(value)}"`).join('');
    return `<script async src="${server}/widget/chat.js"${text}\n></script>`;
  }
  if (tab === 'JavaScript') {
    const options = all
      .map(([name, value]) => `\n  ${camel(name)}: ${name === 'open' ? 'true' : JSON.stringify(value)},`)
      .join('');
    return [`chat.init({${options}\n});`, ...script].filter(Boolean).join('\n');
  }
  const rules = Object.entries(tokens)
    .map(([name, value]) => `\n  ${name}: ${value};`)
    .join('');
  return rules === ''
    ? '/* Set a custom property, or style a part: chat-widget::part(header) { … } */'
    : `chat-widget {${rules}\n}`;
}
