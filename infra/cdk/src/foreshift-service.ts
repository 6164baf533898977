import { Duration } from 'aws-cdk-lib';
import type { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { AwsLogDriver, ContainerImage, CpuArchitecture, FargateService, FargateTaskDefinition, OperatingSystemFamily, PropagatedTagSource, Secret, type Cluster } from 'aws-cdk-lib/aws-ecs';
import { Policy, PolicyDocument, type IRole } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { policyDocument } from '../../../src/adapters/aws/iam/policy-document';
import { ROLE_PERMISSIONS, type Role } from '../../../src/adapters/aws/iam/roles';
import { acknowledge } from './acknowledge';
import type { DeploymentSettings } from './deployment-settings';

export interface ServiceProps {
  readonly cluster: Cluster;
  readonly vpc: Vpc;
  readonly group: SecurityGroup;
  readonly settings: DeploymentSettings;
  readonly command: readonly string[];
  /** What its processes may do to AWS (docs/security.md). */
  readonly roles: readonly Role[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Null where it is scaled: a deployment would set it back. */
  readonly count: number | null;
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** Longer than a worker lets its activities go on after SIGTERM. */
const STOP_SECONDS = 30;
/** Where the image's entrypoint writes keys and rules; the rest of the file system is read only. */
const RUN = '/run/foreshift';
/** Nobody, of the image. */
const USER = '1000:1000';

/** One of the product's processes on Fargate, without an address of its own, with the rights of its roles alone. */
export class ForeshiftService extends Construct {
  readonly service: FargateService;

  constructor(scope: Construct, id: string, { cluster, group, settings, command, roles, environment, secrets, count, cpu, memoryMiB }: ServiceProps) {
    super(scope, id);
    const task = new FargateTaskDefinition(this, 'Task', { cpu, memoryLimitMiB: memoryMiB, runtimePlatform: { cpuArchitecture: CpuArchitecture.X86_64, operatingSystemFamily: OperatingSystemFamily.LINUX }, volumes: [{ name: 'run' }] });
    for (const role of roles) this.allow(task.taskRole, role, settings);
    const repository = Repository.fromRepositoryName(this, 'Repository', settings.image.repository);
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS });
    const container = task.addContainer('foreshift', {
      image: ContainerImage.fromEcrRepository(repository, settings.image.tag),
      command: [...command],
      environment,
      secrets,
      readonlyRootFilesystem: true,
      user: USER,
      stopTimeout: Duration.seconds(STOP_SECONDS),
      logging: new AwsLogDriver({ streamPrefix: id.toLowerCase(), logGroup }),
    });
    container.addMountPoints({ containerPath: RUN, sourceVolume: 'run', readOnly: false });
    this.service = new FargateService(this, 'Service', {
      cluster,
      taskDefinition: task,
      ...(count === null ? {} : { desiredCount: count }),
      securityGroups: [group],
      vpcSubnets: { subnetGroupName: 'services' },
      assignPublicIp: false,
      // The old ones end when the new ones run: no moment without a worker.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      propagateTags: PropagatedTagSource.SERVICE,
    });
    if (task.executionRole !== undefined) acknowledge(task.executionRole, { 'AwsSolutions-IAM5[Resource::*]': 'ECR knows no narrower resource for the token by which ECS pulls the image' });
    acknowledge(task, { 'AwsSolutions-ECS2': 'what stands in the environment are addresses and names; every secret comes from Secrets Manager' });
  }

  /** A wildcard stands where AWS knows no narrower resource, or where a condition on tags narrows it: each permission says why. */
  private allow(to: IRole, role: Role, { account }: DeploymentSettings): void {
    const document = policyDocument(ROLE_PERMISSIONS[role], { account, partition: 'aws' });
    const policy = new Policy(this, `May${role}`, { document: PolicyDocument.fromJson(document) });
    policy.attachToRole(to);
    const wildcards = document.Statement.flatMap(({ Sid, Resource }) => Resource.filter((resource) => resource.includes('*')).map((resource) => [`AwsSolutions-IAM5[Resource::${resource}]`, Sid] as const));
    acknowledge(policy, Object.fromEntries(wildcards.map(([id, sid]) => [id, ROLE_PERMISSIONS[role].find((permission) => sid.startsWith(permission.sid))?.why ?? sid])));
  }
}
