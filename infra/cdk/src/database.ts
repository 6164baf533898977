import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceType, type ISecurityGroup, Port, SecurityGroup, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, ParameterGroup, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import type { DeploymentSettings } from './deployment-settings';

const NAME = 'foreshift';
/** Not PostgreSQL's own: a scan finds that first. */
const PORT = 5_433;
const ENGINE = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17_6 });

/** The audit, forecasts and what else is kept: in two zones, encrypted, backed up, over TLS alone; its password is made by Secrets Manager, and turned by hand: then the services are deployed anew. */
export class Database extends Construct {
  readonly instance: DatabaseInstance;
  readonly secret: ISecret;
  /** Without the password, which processes get as `PGPASSWORD`. */
  readonly url: string;

  constructor(scope: Construct, id: string, vpc: Vpc, { instanceType, storageGiB, backupDays }: DeploymentSettings['database']) {
    super(scope, id);
    this.instance = new DatabaseInstance(this, 'Postgres', {
      engine: ENGINE,
      parameterGroup: new ParameterGroup(this, 'Parameters', { engine: ENGINE, parameters: { 'rds.force_ssl': '1' } }),
      instanceType: new InstanceType(instanceType),
      vpc,
      vpcSubnets: { subnetGroupName: 'database' },
      securityGroups: [new SecurityGroup(this, 'Group', { vpc, allowAllOutbound: false, description: 'The database of Foreshift' })],
      databaseName: NAME,
      credentials: Credentials.fromGeneratedSecret(NAME),
      port: PORT,
      multiAz: true,
      allocatedStorage: storageGiB,
      maxAllocatedStorage: storageGiB * 4,
      storageEncrypted: true,
      backupRetention: Duration.days(backupDays),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      iamAuthentication: true,
      enablePerformanceInsights: true,
      cloudwatchLogsExports: ['postgresql'],
      autoMinorVersionUpgrade: true,
    });
    if (this.instance.secret === undefined) throw new Error('the database has no secret');
    this.secret = this.instance.secret;
    acknowledge(this.instance, { 'AwsSolutions-SMG4': 'tasks hold the password from their start: turned beneath them it would keep them from the database until they are replaced, and moves would stand still' });
    this.url = `postgresql://${NAME}@${this.instance.dbInstanceEndpointAddress}:${PORT}/${NAME}?sslmode=verify-full`;
  }

  allow(group: ISecurityGroup): void {
    this.instance.connections.allowFrom(group, Port.tcp(PORT), 'Foreshift');
  }
}
