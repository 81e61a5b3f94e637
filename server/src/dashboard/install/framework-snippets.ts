import { attributes, elementAttributes, type FilesFor } from './snippet-parts.ts';

/** Said in a script, because no token goes to a server that the markup alone names. */
const defaultServer = (server: string): string => `ChatWidgetElement.defaultServer = '${server}';`;

export const reactFiles: FilesFor = (target, tokenUrl) => [
  {
    name: 'Chat.tsx',
    code: `import { ChatWidgetElement } from 'chat-widget';
import type {} from 'chat-widget/react';

${defaultServer(target.server)}

export function Chat() {
  return <chat-widget${attributes(elementAttributes(target, tokenUrl))} />;
}`,
  },
];

export const vueFiles: FilesFor = (target, tokenUrl) => [
  {
    name: 'Chat.vue',
    code: `<script setup lang="ts">
import { ChatWidgetElement } from 'chat-widget';
import type {} from 'chat-widget/vue';

${defaultServer(target.server)}
</script>

<template>
  <chat-widget${attributes(elementAttributes(target, tokenUrl))} />
</template>`,
  },
  {
    name: 'vite.config.ts',
    code: `import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const isCustomElement = (tag: string): boolean => tag === 'chat-widget';

export default defineConfig({ plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] });`,
  },
];

export const svelteFiles: FilesFor = (target, tokenUrl) => [
  {
    name: 'Chat.svelte',
    code: `<script lang="ts">
  import { ChatWidgetElement } from 'chat-widget';
  import type {} from 'chat-widget/svelte';

  ${defaultServer(target.server)}
</script>

<chat-widget${attributes(elementAttributes(target, tokenUrl))}></chat-widget>`,
  },
];

export const angularFiles: FilesFor = (target, tokenUrl) => [
  {
    name: 'chat.component.ts',
    code: `import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import { ChatWidgetElement } from 'chat-widget';

${defaultServer(target.server)}

@Component({
  selector: 'app-chat',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`<chat-widget${attributes(elementAttributes(target, tokenUrl))}></chat-widget>\`,
})
export class ChatComponent {}`,
  },
];
