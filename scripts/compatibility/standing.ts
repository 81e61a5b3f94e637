/**
 * What is not there yet. All other behaviours are shown by tests, and `npm run check` fails when one of them loses its last test, or
 * when one that stands here has got one.
 */
export type Standing = {
  /** No test shows them. */
  readonly notShown: readonly string[];
  /** Tests show what the server does; the dashboard's part is missing. */
  readonly dashboardPart: readonly string[];
  /** The dashboard is most of it. Tests that are there already are listed. */
  readonly dashboard: readonly string[];
};

export const standing: Standing = {
  notShown: [],
  dashboardPart: [],
  dashboard: [],
};
