import './copy-button.ts';
import './dialog.ts';
import './toasts.ts';

export { badge, identityBadge, type IdentityKind, type Tone } from './badges.ts';
export { confirmDialog, type Confirmation } from './confirm-dialog.ts';
export { dataTable, type Column, type DataTable } from './data-table.ts';
export { fieldTemplate, type ControlAttributes, type FieldText } from './field.ts';
export { Form, textOf, type FormState } from './form.ts';
export { icon, type IconName } from './icons.ts';
export { inlineStyle } from './inline-style.ts';
export { pageHeader, tabs, type PageHeader, type Tab } from './page-parts.ts';
export { emptyState, failedState, loaded, loadingState, type EmptyState } from './states.ts';
export { foreignText, formatCount, formatNumber, formatShare } from './text.ts';
export { formatCalendarDay, formatDateTime, formatDay, formatRelative, timeAgo, timeAt, timeShort } from './times.ts';
export { announce } from './toasts.ts';
