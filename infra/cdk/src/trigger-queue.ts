import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { cloudFormationOf } from '../../../src/triggers/install/cloudformation';
import { wiringOf } from '../../../src/triggers/install/wiring';

/** Alarms and events to the queue of `foreshift triggers serve`: the very template that `foreshift triggers install` prints. */
export class TriggerQueue extends Construct {
  readonly queueName: string;
  readonly deadLetterName: string;

  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    const wiring = wiringOf(name);
    const templateFile = join(mkdtempSync(join(tmpdir(), 'foreshift-wiring-')), 'wiring.json');
    writeFileSync(templateFile, JSON.stringify(cloudFormationOf(wiring)));
    const included = new CfnInclude(this, 'Wiring', { templateFile, preserveLogicalIds: false });
    this.queueName = (included.getResource('Queue') as CfnQueue).attrQueueName;
    this.deadLetterName = (included.getResource('DeadLetters') as CfnQueue).attrQueueName;
  }
}
