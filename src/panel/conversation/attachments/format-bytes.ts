const steps = [
  ['megabyte', 1024 * 1024],
  ['kilobyte', 1024],
] as const;

/** "1.4 MB", as the language writes it. A file is never said to have nothing in it that has. */
export function formatBytes(bytes: number, locale: string): string {
  const [unit, size] = steps.find(([, least]) => bytes >= least) ?? steps[1];
  const options = {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: unit === 'megabyte' ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(locale, options).format(
    bytes === 0 ? 0 : Math.max(unit === 'kilobyte' ? 1 : 0, bytes / size),
  );
}
