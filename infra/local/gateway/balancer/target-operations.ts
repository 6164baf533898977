import { z } from 'zod';
import { AwsError, type AwsCall, type OperationHandler } from '../operation';
import type { BalancedGroup } from './balancer-model';
import { NOT_REGISTERED, type TargetHealth } from './target';
import type { TargetRegistry } from './target-registry';

const targetShape = z.object({ Id: z.string().min(1), Port: z.coerce.number().int().min(1).max(65535).optional() });
const changeShape = z.object({ TargetGroupArn: z.string(), Targets: z.array(targetShape).min(1) });
const healthShape = z.object({ TargetGroupArn: z.string(), Targets: z.array(targetShape).optional() });

/** Registering targets, deregistering them and their health. `findGroup` also knows groups that were made a moment ago. */
export function targetOperations(
  registry: TargetRegistry,
  findGroup: (arn: string) => Promise<BalancedGroup | undefined>,
): Readonly<Record<string, OperationHandler>> {
  const groupOf = async (arn: string): Promise<BalancedGroup> => {
    const group = await findGroup(arn);
    if (group === undefined) throw new AwsError('TargetGroupNotFound', `Target groups '${arn}' not found`);
    return group;
  };
  return {
    RegisterTargets: async (call) => {
      const request = parse(changeShape, call);
      const group = await groupOf(request.TargetGroupArn);
      registry.check(group, request.Targets.map(({ Id }) => Id));
      for (const { Id, Port } of request.Targets) registry.register(group, Id, Port ?? group.port);
      return {};
    },
    DeregisterTargets: async (call) => {
      const request = parse(changeShape, call);
      const group = await groupOf(request.TargetGroupArn);
      for (const { Id, Port } of request.Targets) registry.deregister(group, Id, Port);
      return {};
    },
    DescribeTargetHealth: async (call) => {
      const request = parse(healthShape, call);
      const group = await groupOf(request.TargetGroupArn);
      const known = registry.of(group.arn);
      const checkPort = group.healthCheck.port;
      const describe = (id: string, port: number, health: TargetHealth): unknown => ({
        Target: { Id: id, Port: port },
        HealthCheckPort: checkPort === 'traffic-port' ? String(port) : checkPort,
        TargetHealth: { State: health.state, Reason: health.reason, Description: health.description },
      });
      if (request.Targets === undefined) return { TargetHealthDescriptions: known.map(({ id, port, health }) => describe(id, port, health)) };
      const descriptions = request.Targets.flatMap(({ Id, Port }) => {
        const found = known.filter(({ id, port }) => id === Id && (Port === undefined || port === Port));
        return found.length > 0
          ? found.map(({ id, port, health }) => describe(id, port, health))
          : [describe(Id, Port ?? group.port, NOT_REGISTERED)];
      });
      return { TargetHealthDescriptions: descriptions };
    },
  };
}

function parse<T>(shape: z.ZodType<T>, call: AwsCall): T {
  const parsed = shape.safeParse(call.params);
  if (parsed.success) return parsed.data;
  throw new AwsError('ValidationError', `The parameter ${parsed.error.issues[0]?.path.join('.') ?? ''} is missing or invalid.`);
}
