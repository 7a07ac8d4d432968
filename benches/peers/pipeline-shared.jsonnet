// jrsonnet --format yaml --tla-code environments=50 --tla-code stacks=10 pipeline-shared.jsonnet
//
// The same run as in `pipeline.jsonnet`, but all deployments share a template, and so do all tests.

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

local inputs(names) = { inputs: { parameters: [{ name: name } for name in names] } };

local target = [
  variable('APHEX_ENVIRONMENT', '{{inputs.parameters.environment}}'),
  variable('APHEX_ACCOUNT', '{{inputs.parameters.account}}'),
  variable('AWS_REGION', '{{inputs.parameters.region}}'),
  variable('AWS_DEFAULT_REGION', '{{inputs.parameters.region}}'),
  variable('ARTIFACT_PATH', 's3://{{workflow.parameters.artifact-bucket}}/{{workflow.parameters.commit-sha}}'),
];

local task(kind, e, after, parameters) = {
  name: kind + '-' + e.name,
  template: kind,
  depends: after + '.Succeeded',
  arguments: { parameters: [variable(name, e[name]) for name in parameters] },
};

function(environments, stacks)
  local targets = [
    {
      name: 'env-%d' % i,
      environment: self.name,
      account: accounts[i % 5],
      region: regions[std.floor(i / 5) % 5],
      stacks: std.join(' ', ['Stack%d' % stack for stack in std.range(0, stacks - 1)]),
      after: if i == 0 then 'build' else 'test-env-%d' % (i - 1),
    }
    for i in std.range(0, environments - 1)
  ];
  local tested = ['environment', 'account', 'region'];
  local deployed = tested + ['stacks'];
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
              [task('deploy', e, e.after, deployed), task('test', e, 'deploy-' + e.name, tested)]
              for e in targets
            ]),
          },
        },
        { name: 'build' } + stage('build', 'builder', 'peers-builder', [
          '{{workflow.parameters.repo-url}}',
          '{{workflow.parameters.commit-sha}}',
          'npm ci && npm run build',
          '{{workflow.parameters.artifact-bucket}}',
        ], []),
        { name: 'deploy' } + inputs(deployed) + stage('deploy-stack', 'deployer', 'peers-executor', [
          '{{workflow.parameters.repo-url}}',
          '{{workflow.parameters.commit-sha}}',
          '{{inputs.parameters.environment}}',
          '{{inputs.parameters.stacks}}',
          '{{workflow.parameters.artifact-bucket}}',
        ], target),
        { name: 'test' } + inputs(tested) + stage('test', 'tester', 'peers-builder', ['npm run test:smoke'], target),
      ],
    },
  }
