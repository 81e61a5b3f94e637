export { api, apiAddress, path, whenSignedOut, type CallOptions, type Query } from './api.ts';
export { ApiError, toApiError, type ApiErrorCode } from './api-error.ts';
export { connection } from './connection.ts';
export { subscribe, type DashboardEvent } from './events.ts';
export { Loader, type LoadState } from './loader.ts';
export { idOf, PagedList, type FetchPage, type Page, type PagedState } from './paged-list.ts';
export { includesRole, session, type Operator, type Role, type Session } from './session.ts';
