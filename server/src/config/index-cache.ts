import { followDocuments, type FollowedIndex, type FollowOptions, type KnowledgeIndex } from '../agents/index.ts';

/** Indexes of folders, each made once, and following its folder, for as long as an agent answers from it. */
export type IndexCache = {
  /** @throws KnowledgeError where the folder cannot be used; it is tried again with the next call */
  readonly of: (folder: string) => Promise<KnowledgeIndex>;
  /** Forgets the others, so that they are read anew when they are asked for again. */
  readonly keepOnly: (folders: ReadonlySet<string>) => void;
};

export function createIndexCache(options: FollowOptions = {}): IndexCache {
  const indexes = new Map<string, Promise<FollowedIndex>>();

  function forget(folder: string, index: Promise<FollowedIndex>): void {
    if (indexes.get(folder) === index) indexes.delete(folder);
    index.then(
      ({ close }) => close(),
      () => undefined,
    );
  }

  return {
    of(folder) {
      const known = indexes.get(folder);
      if (known !== undefined) return known;
      const made = followDocuments(folder, options);
      indexes.set(folder, made);
      made.catch(() => forget(folder, made));
      return made;
    },
    keepOnly(folders) {
      for (const [folder, index] of indexes) if (!folders.has(folder)) forget(folder, index);
    },
  };
}
