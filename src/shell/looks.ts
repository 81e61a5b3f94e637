/**
 * What the launcher wears once the controller is there: badge, chevron, the page's theme and density. The names are those of
 * `docs/styling.md`; `--_chat-…` is what counts where the page has not set `--chat-…` (src/panel/styles/tokens.ts).
 */
export const looks = `
button{z-index:var(--chat-z-index,2147483000)}
:host([density=compact]){--_chat-density:.7;--_chat-font-size:14px}
:host([density=comfortable]){--_chat-density:1;--_chat-font-size:15px}
:host([theme=light]) button{color-scheme:light}
:host([theme=dark]) button{color-scheme:dark}
[part=badge]{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:20px;padding-inline:5px;box-sizing:border-box;border-radius:10px;background:#c02626;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
[part=badge]:empty{display:none}
@media(hover:hover){button{transition:filter .12s}button:hover{filter:brightness(1.08)}}
@media(max-width:480px),(max-height:440px){:host([open]) button{display:none}}
@media(forced-colors:active){button,[part=badge]{border:1px solid CanvasText}}
`;
