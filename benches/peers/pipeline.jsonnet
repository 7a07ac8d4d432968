// jrsonnet --format yaml --tla-code environments=50 --tla-code stacks=10 pipeline.jsonnet

local accounts = ['111111111111', '222222222222', '333333333333', '444444444444', '555555555555'];
local regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-southeast-2'];

local variable(name, value) = { name: name, value: value };

local stage(kind, image, account, args, env) = {
  serviceAccountName: account,
  container: {
    image: 'public.ecr.aws/aphex/' + image + ':latest',
    command: ['/usr/local/bin/aphex-' + kind],
    args: args,
    env: [
      variable('APHEX_PIPELINE', 'peers'),
      variable('APHEX_COMMIT', '{{workflow.parameters.commit-sha}}'),
      variable('APHEX_REPOSITORY', 'my-org/my-app'),
    ] + env,
    resources: {
      requests: { cpu: '500m', memory: '2Gi' },
      limits: { memory: '2Gi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
  },
};

local target(environment, account, region) = [
  variable('APHEX_ENVIRONMENT', environment),
  variable('APHEX_ACCOUNT', account),
  variable('AWS_REGION', region),
  variable('AWS_DEFAULT_REGION', region),
  variable('ARTIFACT_PATH', 's3://{{workflow.parameters.artifact-bucket}}/{{workflow.parameters.commit-sha}}'),
];

local deployTask(e, after) = {
  name: 'deploy-' + e.name,
  template: 'deploy-' + e.name,
  depends: after + '.Succeeded',
  arguments: {
    parameters: [
      variable('environment', e.name),
      variable('account', e.account),
      variable('region', e.region),
      variable('stacks', e.stacks),
    ],
  },
};

local testTask(e) = {
  name: 'test-' + e.name,
  template: 'test-' + e.name,
  depends: 'deploy-' + e.name + '.Succeeded',
};

local buildTemplate = stage('build', 'builder', 'peers-builder', [
  '{{workflow.parameters.repo-url}}',
  '{{workflow.parameters.commit-sha}}',
  'npm ci && npm run build',
  '{{workflow.parameters.artifact-bucket}}',
], []) + { name: 'build' };

local deployTemplate(e) = stage('deploy-stack', 'deployer', 'peers-executor', [
  '{{workflow.parameters.repo-url}}',
  '{{workflow.parameters.commit-sha}}',
  '{{inputs.parameters.environment}}',
  '{{inputs.parameters.stacks}}',
  '{{workflow.parameters.artifact-bucket}}',
], target('{{inputs.parameters.environment}}', '{{inputs.parameters.account}}', '{{inputs.parameters.region}}')) + {
  name: 'deploy-' + e.name,
  inputs: { parameters: [{ name: name } for name in ['environment', 'account', 'region', 'stacks']] },
};

local testTemplate(e) = stage('test', 'tester', 'peers-builder', [
  'npm run test:smoke',
], target(e.name, e.account, e.region)) + { name: 'test-' + e.name };

function(environments, stacks)
  local targets = [
    {
      name: 'env-%d' % i,
      account: accounts[i % 5],
      region: regions[std.floor(i / 5) % 5],
      stacks: std.join(' ', ['Stack%d' % stack for stack in std.range(0, stacks - 1)]),
    }
    for i in std.range(0, environments - 1)
  ];
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'WorkflowTemplate',
    metadata: {
      name: 'peers',
      namespace: 'argo',
      labels: { 'app.kubernetes.io/name': 'peers' },
    },
    spec: {
      entrypoint: 'main',
      serviceAccountName: 'peers-builder',
      arguments: {
        parameters: [
          { name: 'commit-sha' },
          variable('repo-url', 'https://github.com/my-org/my-app.git'),
          variable('artifact-bucket', 'peers-artifacts-999999999999-us-east-1'),
        ],
      },
      templates: [
        {
          name: 'main',
          dag: {
            tasks: [{ name: 'build', template: 'build' }] + std.flattenArrays([
              [deployTask(targets[i], if i == 0 then 'build' else 'test-' + targets[i - 1].name), testTask(targets[i])]
              for i in std.range(0, environments - 1)
            ]),
          },
        },
        buildTemplate,
      ] + std.flattenArrays([[deployTemplate(e), testTemplate(e)] for e in targets]),
    },
  }
