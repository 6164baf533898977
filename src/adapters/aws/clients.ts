import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EBSClient } from '@aws-sdk/client-ebs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { PricingClient } from '@aws-sdk/client-pricing';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

/** SQS answers a long poll after 20 s where nothing came. */
const LONG_POLL_MS = 30_000;

export interface AwsConfig {
  readonly region: string;
  /** The local cloud's gateway; AWS's own endpoints when absent. */
  readonly endpoint?: string;
  /** Only for the local cloud; AWS's default provider chain when absent. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface AwsClients {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly ebs: EBSClient;
  readonly cloudwatch: CloudWatchClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly events: EventBridgeClient;
  readonly pricing: PricingClient;
  readonly quotas: ServiceQuotasClient;
  readonly ses: SESv2Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
}

/** The only place where AWS clients are built. One attempt each: Temporal owns the retrying. */
export function createAwsClients(config: AwsConfig): AwsClients {
  const common = {
    region: config.region,
    maxAttempts: 1,
    requestHandler: { requestTimeout: 20_000, connectionTimeout: 5_000 },
    ...(config.endpoint === undefined ? {} : { endpoint: config.endpoint }),
    ...(config.credentials === undefined ? {} : { credentials: config.credentials }),
  };
  return {
    autoScaling: new AutoScalingClient(common),
    ec2: new EC2Client(common),
    ebs: new EBSClient(common),
    cloudwatch: new CloudWatchClient(common),
    elb: new ElasticLoadBalancingV2Client(common),
    events: new EventBridgeClient(common),
    quotas: new ServiceQuotasClient(common),
    ses: new SESv2Client(common),
    sns: new SNSClient(common),
    sqs: new SQSClient({ ...common, requestHandler: { ...common.requestHandler, requestTimeout: LONG_POLL_MS } }),
    ssm: new SSMClient(common),
    pricing: new PricingClient({ ...common, region: pricingRegion(config.region) }),
  };
}

/** The Pricing API answers for all regions of a partition from a few of them. */
function pricingRegion(region: string): string {
  return region.startsWith('cn-') ? 'cn-northwest-1' : 'us-east-1';
}
