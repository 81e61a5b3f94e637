/** Version of this package, as `chat.version` tells it. */
export const version = '0.1.0';
