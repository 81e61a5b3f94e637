/**
 * Why a folder of documents cannot be used.
 *
 * - `knowledge_folder_missing`: there is no folder at that path.
 * - `knowledge_empty`: no Markdown file with text below it.
 * - `knowledge_too_large`: a file, their number or their sum is over a limit.
 * - `knowledge_invalid`: a file is not UTF-8, or its front matter cannot be read.
 */
export type KnowledgeErrorCode =
  | 'knowledge_folder_missing'
  | 'knowledge_empty'
  | 'knowledge_too_large'
  | 'knowledge_invalid';

/** An operator's mistake in the documents. The message names the path and the way out. */
export class KnowledgeError extends Error {
  readonly code: KnowledgeErrorCode;
  readonly path: string;

  constructor(code: KnowledgeErrorCode, path: string, message: string) {
    super(message);
    this.name = 'KnowledgeError';
    this.code = code;
    this.path = path;
  }
}
