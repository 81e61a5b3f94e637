/** A promise and its two ends. (`Promise.withResolvers` is newer than the browsers that this runs in.) */
export type Deferred<T> = {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
};

export function defer<T>(): Deferred<T> {
  let ends: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => (ends = { resolve, reject }));
  return { promise, ...(ends as unknown as Omit<Deferred<T>, 'promise'>) };
}
