/** A page's own shortcuts see the widget as the target, and would take typing for commands. Escape goes on to the panel. */
export function keepKeys(event: Event): void {
  if (!(event instanceof KeyboardEvent && event.key === 'Escape')) event.stopPropagation();
}
