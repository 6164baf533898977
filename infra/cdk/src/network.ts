import { FlowLogDestination, GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, IpAddresses, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** What the product calls, so that it stays within AWS's network; Temporal Cloud and prices go through the NAT gateways. */
const SERVICES: Readonly<Record<string, InterfaceVpcEndpointAwsService>> = {
  autoscaling: InterfaceVpcEndpointAwsService.AUTOSCALING,
  ebs: InterfaceVpcEndpointAwsService.EBS_DIRECT,
  ec2: InterfaceVpcEndpointAwsService.EC2,
  ecr: InterfaceVpcEndpointAwsService.ECR,
  ecrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  elb: InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
  kms: InterfaceVpcEndpointAwsService.KMS,
  logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  monitoring: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
  secrets: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  sns: InterfaceVpcEndpointAwsService.SNS,
  sqs: InterfaceVpcEndpointAwsService.SQS,
  ssm: InterfaceVpcEndpointAwsService.SSM,
  sts: InterfaceVpcEndpointAwsService.STS,
};

/** Two zones; services and the database have no address of their own in the internet. */
export class Network extends Construct {
  readonly vpc: Vpc;
  /** Of the product's processes: nothing comes in. */
  readonly processes: SecurityGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.64.0.0/20'),
      maxAzs: 2,
      natGateways: 2,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false },
        { name: 'services', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 23 },
        { name: 'database', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 },
      ],
      flowLogs: { all: { destination: FlowLogDestination.toCloudWatchLogs(new LogGroup(this, 'FlowLogs', { retention: RetentionDays.THREE_MONTHS })) } },
    });
    this.vpc.addGatewayEndpoint('s3', { service: GatewayVpcEndpointAwsService.S3 });
    this.processes = new SecurityGroup(this, 'Processes', { vpc: this.vpc, description: 'Processes of Foreshift' });
    const endpoints = new SecurityGroup(this, 'Endpoints', { vpc: this.vpc, allowAllOutbound: false, description: 'AWS from within' });
    endpoints.addIngressRule(this.processes, Port.tcp(443), 'calls to AWS');
    for (const [key, service] of Object.entries(SERVICES)) this.vpc.addInterfaceEndpoint(key, { service, open: false, securityGroups: [endpoints], subnets: { subnetGroupName: 'services' } });
  }
}
