// What the Install page hands out for a site, as code to be looked at.
import assert from 'node:assert/strict';
import ts from 'typescript';
import type { SnippetFile } from '../../src/dashboard/install/snippet-parts.ts';
import { snippetsFor, type Snippet } from '../../src/dashboard/install/snippets.ts';

export const snippets = snippetsFor({ server: 'https://chat.example.com', agentId: 'acme' });

/** Both variants of a snippet: without tokens, and with them. */
export function variantsOf(id: Snippet['id']): readonly (readonly SnippetFile[])[] {
  const { files, identifiedFiles } = snippets.find((each) => each.id === id) ?? assert.fail(id);
  return [files, identifiedFiles];
}

export function typeScriptMistakes(code: string, name: string): readonly string[] {
  const { diagnostics = [] } = ts.transpileModule(code, {
    fileName: name,
    reportDiagnostics: true,
    compilerOptions: { jsx: ts.JsxEmit.ReactJSX, experimentalDecorators: true, target: ts.ScriptTarget.ES2023 },
  });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
