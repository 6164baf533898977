/** `...:targetgroup/name/id` -> `targetgroup/name/id`; with the prefix `loadbalancer/`, `...:loadbalancer/app/name/id` -> `app/name/id`. */
export function dimensionOf(arn: string, prefix: string): string {
  const resource = arn.split(':').at(-1) ?? arn;
  return resource.startsWith(prefix) ? resource.slice(prefix.length) : resource;
}
