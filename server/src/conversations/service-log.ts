/** Where the service writes what only the operator may read. pino's loggers fit. */
export type ServiceLog = {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
};
