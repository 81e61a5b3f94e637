/** The words beside an answer's own: on its buttons, and for assistive technology. */
export type MarkdownLabels = {
  readonly table: string;
  readonly code: string;
  readonly done: string;
  readonly notDone: string;
  readonly image: string;
  readonly copy: string;
  readonly copyCode: string;
  readonly copied: string;
  readonly showImage: string;
  readonly imageFrom: (host: string) => string;
  readonly imageFailed: string;
};

/** What drawing needs beside the tokens: the words, and where paths on the site's own lead (see MarkdownOptions.base). */
export type MarkdownContext = MarkdownLabels & { readonly base?: string | undefined };

export const defaultLabels: MarkdownLabels = {
  table: 'Table',
  code: 'Code',
  done: 'Done',
  notDone: 'Not done',
  image: 'Image',
  copy: 'Copy',
  copyCode: 'Copy code',
  copied: 'Copied',
  showImage: 'Show image',
  imageFrom: (host) => `Image from ${host}, not loaded yet`,
  imageFailed: 'This image could not be loaded.',
};
