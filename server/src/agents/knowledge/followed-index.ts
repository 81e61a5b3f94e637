import { createKnowledgeIndex, type KnowledgeIndex } from './knowledge-index.ts';
import { fingerprintOf, loadDocuments } from './load-documents.ts';

export type FollowOptions = {
  /** How often the folder is looked at. Default 10,000. */
  readonly lookEveryMs?: number | undefined;
  /** A changed folder cannot be used: told once for each reason. The last good index goes on answering. */
  readonly onProblem?: ((error: Error) => void) | undefined;
};

/** The index of a folder as it is now. */
export type FollowedIndex = KnowledgeIndex & { readonly close: () => void };

/**
 * Reads a folder, and again whenever a file in it has changed, come or gone. Names, sizes and times are looked at, on each
 * server by itself: notices of a file system do not come from everywhere (network drives, mounted ConfigMaps).
 *
 * @throws KnowledgeError where the folder cannot be used to begin with
 */
export async function followDocuments(folder: string, options: FollowOptions = {}): Promise<FollowedIndex> {
  const { lookEveryMs = 10_000, onProblem } = options;
  // Taken before the files are read: what changes meanwhile is found at the next look.
  let seen = await fingerprintOf(folder);
  let index = createKnowledgeIndex(await loadDocuments(folder));
  let problem = '';
  let isLooking = false;

  async function look(): Promise<void> {
    const now = await fingerprintOf(folder);
    if (now !== seen) index = createKnowledgeIndex(await loadDocuments(folder));
    seen = now;
    problem = '';
  }

  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((error: Error) => {
        if (error.message !== problem) onProblem?.(error);
        problem = error.message;
      })
      .finally(() => (isLooking = false));
  }, lookEveryMs).unref();

  return {
    get documents() {
      return index.documents;
    },
    search: (question, searching) => index.search(question, searching),
    close: () => clearInterval(timer),
  };
}
