// cdk synth --quiet --app 'node cdk.mjs' --context environments=50 --context stacks=10
//
// The CloudFormation side as a construct makes it: a bucket for artifacts, a role for builds, and a role for each
// target account and region. The WorkflowTemplate goes beside the synthesised stack.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { OpenIdConnectPrincipal, OpenIdConnectProvider, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { dump } from 'js-yaml';
import { workflowTemplate, accounts, regions } from './workflow-template.mjs';

const BOOTSTRAP_ROLES = ['deploy', 'file-publishing', 'image-publishing', 'lookup'];

class Pipeline extends Construct {
  constructor(scope, id, { targets }) {
    super(scope, id);
    const provider = OpenIdConnectProvider.fromOpenIdConnectProviderArn(
      this, 'Provider', 'arn:aws:iam::999999999999:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE');
    const workload = (serviceAccount) => new OpenIdConnectPrincipal(provider, {
      StringEquals: {
        'oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE:aud': 'sts.amazonaws.com',
        'oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE:sub': `system:serviceaccount:argo:${serviceAccount}`,
      },
    });

    const bucket = new Bucket(this, 'Artifacts', {
      bucketName: 'peers-artifacts-999999999999-us-east-1',
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const builder = new Role(this, 'Builder', { roleName: 'peers-builder', assumedBy: workload('peers-builder') });
    bucket.grantReadWrite(builder);

    for (const { account, region } of targets) {
      const executor = new Role(this, `Executor-${account}-${region}`, {
        roleName: `peers-executor-${account}-${region}`,
        assumedBy: workload('peers-executor'),
      });
      executor.addToPolicy(new PolicyStatement({
        actions: ['sts:AssumeRole'],
        resources: BOOTSTRAP_ROLES.map((role) =>
          `arn:aws:iam::${account}:role/cdk-hnb659fds-${role}-role-${account}-${region}`),
      }));
      bucket.grantRead(executor);
    }
    new CfnOutput(this, 'ArtifactBucketName', { value: bucket.bucketName });
  }
}

const app = new App();
const environments = Number(app.node.getContext('environments'));
const stacks = Number(app.node.getContext('stacks'));
const targets = regions.flatMap((region) => accounts.map((account) => ({ account, region }))).slice(0, environments);

const stack = new Stack(app, 'peers-pipeline', { env: { account: '999999999999', region: 'us-east-1' } });
new Pipeline(stack, 'Pipeline', { targets });
const manifest = dump(workflowTemplate(environments, stacks), { noRefs: true });
writeFileSync(join(app.outdir, 'workflow-template.yaml'), manifest);
