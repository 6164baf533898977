/** `app/name/id` of a load balancer's ARN: the value of CloudWatch's LoadBalancer dimension. */
export function loadBalancerDimension(arn: string): string {
  return arn.slice(arn.indexOf(':loadbalancer/') + ':loadbalancer/'.length);
}

/** `targetgroup/name/id` of a target group's ARN: CloudWatch's TargetGroup dimension, and the name of Envoy's cluster. */
export function targetGroupDimension(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}

/** Last part of an ARN, unique and fit for a file name. */
export function arnId(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1).replace(/[^A-Za-z0-9]/g, '_');
}
