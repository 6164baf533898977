/** One route of the gateway's control API (`/_local/...`), for tests, the demo and load generators; never for the product. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path, e.g. `/_local/balancers` or `/_local/instances/:id/load`. */
  readonly path: string;
  /**
   * Gets the parsed JSON body (undefined when there is none), the query and the values of the path's `:name` steps;
   * what it returns is sent as JSON.
   */
  readonly handler: (body: unknown, query: URLSearchParams, params: Readonly<Record<string, string>>) => unknown;
}
