/** One route of the gateway's control API (`/_local/...`), for tests, the demo and load generators; never for the product. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Exact path, e.g. `/_local/balancers`. */
  readonly path: string;
  /** Gets the parsed JSON body (undefined when there is none) and the query; what it returns is sent as JSON. */
  readonly handler: (body: unknown, query: URLSearchParams) => Promise<unknown> | unknown;
}
