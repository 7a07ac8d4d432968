// The WorkflowTemplate as an object, for `pipeline.mjs` and `cdk.mjs`.

export const accounts = ['111111111111', '222222222222', '333333333333', '444444444444', '555555555555'];
export const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-southeast-2'];

const stage = (name, kind, image, serviceAccountName, args, env) => ({
  name,
  serviceAccountName,
  container: {
    image: `public.ecr.aws/aphex/${image}:latest`,
    command: [`/usr/local/bin/aphex-${kind}`],
    args,
    env: [
      { name: 'APHEX_PIPELINE', value: 'peers' },
      { name: 'APHEX_COMMIT', value: '{{workflow.parameters.commit-sha}}' },
      { name: 'APHEX_REPOSITORY', value: 'my-org/my-app' },
      ...env,
    ],
    resources: { requests: { cpu: '500m', memory: '2Gi' }, limits: { memory: '2Gi' } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  },
});

const target = (environment, account, region) => [
  { name: 'APHEX_ENVIRONMENT', value: environment },
  { name: 'APHEX_ACCOUNT', value: account },
  { name: 'AWS_REGION', value: region },
  { name: 'AWS_DEFAULT_REGION', value: region },
  { name: 'ARTIFACT_PATH', value: 's3://{{workflow.parameters.artifact-bucket}}/{{workflow.parameters.commit-sha}}' },
];

const deployTask = ({ name, account, region, stacks }, after) => ({
  name: `deploy-${name}`,
  template: `deploy-${name}`,
  depends: `${after}.Succeeded`,
  arguments: {
    parameters: [
      { name: 'environment', value: name },
      { name: 'account', value: account },
      { name: 'region', value: region },
      { name: 'stacks', value: stacks },
    ],
  },
});

const testTask = ({ name }) => ({
  name: `test-${name}`,
  template: `test-${name}`,
  depends: `deploy-${name}.Succeeded`,
});

const buildTemplate = () =>
  stage('build', 'build', 'builder', 'peers-builder', [
    '{{workflow.parameters.repo-url}}',
    '{{workflow.parameters.commit-sha}}',
    'npm ci && npm run build',
    '{{workflow.parameters.artifact-bucket}}',
  ], []);

const deployTemplate = ({ name }) => ({
  ...stage(`deploy-${name}`, 'deploy-stack', 'deployer', 'peers-executor', [
    '{{workflow.parameters.repo-url}}',
    '{{workflow.parameters.commit-sha}}',
    '{{inputs.parameters.environment}}',
    '{{inputs.parameters.stacks}}',
    '{{workflow.parameters.artifact-bucket}}',
  ], target('{{inputs.parameters.environment}}', '{{inputs.parameters.account}}', '{{inputs.parameters.region}}')),
  inputs: { parameters: ['environment', 'account', 'region', 'stacks'].map((name) => ({ name })) },
});

const testTemplate = ({ name, account, region }) =>
  stage(`test-${name}`, 'test', 'tester', 'peers-builder', ['npm run test:smoke'], target(name, account, region));

export function workflowTemplate(environments, stacks) {
  const stackNames = Array.from({ length: stacks }, (_, i) => `Stack${i}`).join(' ');
  const targets = Array.from({ length: environments }, (_, i) => ({
    name: `env-${i}`,
    account: accounts[i % 5],
    region: regions[Math.floor(i / 5) % 5],
    stacks: stackNames,
  }));

  const tasks = targets.flatMap((target, i) => [
    deployTask(target, i === 0 ? 'build' : `test-${targets[i - 1].name}`),
    testTask(target),
  ]);
  const templates = targets.flatMap((target) => [deployTemplate(target), testTemplate(target)]);

  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'WorkflowTemplate',
    metadata: { name: 'peers', namespace: 'argo', labels: { 'app.kubernetes.io/name': 'peers' } },
    spec: {
      entrypoint: 'main',
      serviceAccountName: 'peers-builder',
      arguments: {
        parameters: [
          { name: 'commit-sha' },
          { name: 'repo-url', value: 'https://github.com/my-org/my-app.git' },
          { name: 'artifact-bucket', value: 'peers-artifacts-999999999999-us-east-1' },
        ],
      },
      templates: [
        { name: 'main', dag: { tasks: [{ name: 'build', template: 'build' }, ...tasks] } },
        buildTemplate(),
        ...templates,
      ],
    },
  };
}
