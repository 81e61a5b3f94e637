declare module 's3rver' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export default class S3rver {
    constructor(options: {
      readonly directory: string;
      readonly silent: boolean;
      readonly port: number;
      readonly configureBuckets: readonly { readonly name: string }[];
    });
    configureBuckets(): Promise<void>;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  }
}

declare module 'aws4' {
  type AwsRequest = { readonly headers: Readonly<Record<string, string>> };
  const aws4: { sign(request: object, keys: object): AwsRequest };
  export default aws4;
}
