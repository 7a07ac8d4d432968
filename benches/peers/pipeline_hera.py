"""python pipeline_hera.py 50 10"""

import sys

from hera.workflows import DAG, Container, Env, Parameter, Resources, Task, WorkflowTemplate
from hera.workflows.models import Capabilities, SecurityContext

ACCOUNTS = ["111111111111", "222222222222", "333333333333", "444444444444", "555555555555"]
REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"]


def stage(name: str, kind: str, image: str, account: str, args: list[str], env: list[Env], **more) -> Container:
    return Container(
        name=name,
        service_account_name=account,
        image=f"public.ecr.aws/aphex/{image}:latest",
        command=[f"/usr/local/bin/aphex-{kind}"],
        args=args,
        env=[
            Env(name="APHEX_PIPELINE", value="peers"),
            Env(name="APHEX_COMMIT", value="{{workflow.parameters.commit-sha}}"),
            Env(name="APHEX_REPOSITORY", value="my-org/my-app"),
            *env,
        ],
        resources=Resources(cpu_request="500m", memory_request="2Gi", memory_limit="2Gi"),
        security_context=SecurityContext(allow_privilege_escalation=False, capabilities=Capabilities(drop=["ALL"])),
        **more,
    )


def target(environment: str, account: str, region: str) -> list[Env]:
    return [
        Env(name="APHEX_ENVIRONMENT", value=environment),
        Env(name="APHEX_ACCOUNT", value=account),
        Env(name="AWS_REGION", value=region),
        Env(name="AWS_DEFAULT_REGION", value=region),
        Env(
            name="ARTIFACT_PATH",
            value="s3://{{workflow.parameters.artifact-bucket}}/{{workflow.parameters.commit-sha}}",
        ),
    ]


def build_template() -> Container:
    return stage(
        "build",
        "build",
        "builder",
        "peers-builder",
        [
            "{{workflow.parameters.repo-url}}",
            "{{workflow.parameters.commit-sha}}",
            "npm ci && npm run build",
            "{{workflow.parameters.artifact-bucket}}",
        ],
        [],
    )


def deploy_template(name: str) -> Container:
    return stage(
        f"deploy-{name}",
        "deploy-stack",
        "deployer",
        "peers-executor",
        [
            "{{workflow.parameters.repo-url}}",
            "{{workflow.parameters.commit-sha}}",
            "{{inputs.parameters.environment}}",
            "{{inputs.parameters.stacks}}",
            "{{workflow.parameters.artifact-bucket}}",
        ],
        target("{{inputs.parameters.environment}}", "{{inputs.parameters.account}}", "{{inputs.parameters.region}}"),
        inputs=[Parameter(name=name) for name in ("environment", "account", "region", "stacks")],
    )


def test_template(name: str, account: str, region: str) -> Container:
    return stage(
        f"test-{name}",
        "test",
        "tester",
        "peers-builder",
        ["npm run test:smoke"],
        target(name, account, region),
    )


def workflow_template(environments: int, stacks: int) -> WorkflowTemplate:
    names = " ".join(f"Stack{index}" for index in range(stacks))
    with WorkflowTemplate(
        name="peers",
        namespace="argo",
        labels={"app.kubernetes.io/name": "peers"},
        entrypoint="main",
        service_account_name="peers-builder",
        arguments=[
            Parameter(name="commit-sha"),
            Parameter(name="repo-url", value="https://github.com/my-org/my-app.git"),
            Parameter(name="artifact-bucket", value="peers-artifacts-999999999999-us-east-1"),
        ],
    ) as workflow:
        build = build_template()
        stages = []
        for index in range(environments):
            name, account, region = f"env-{index}", ACCOUNTS[index % 5], REGIONS[index // 5 % 5]
            stages.append((name, account, region, deploy_template(name), test_template(name, account, region)))

        with DAG(name="main"):
            last = Task(name="build", template=build)
            for name, account, region, deploy, test in stages:
                deployed = Task(
                    name=deploy.name,
                    template=deploy,
                    depends=f"{last.name}.Succeeded",
                    arguments={"environment": name, "account": account, "region": region, "stacks": names},
                )
                last = Task(name=test.name, template=test, depends=f"{deployed.name}.Succeeded")
    return workflow


if __name__ == "__main__":
    sys.stdout.write(workflow_template(int(sys.argv[1]), int(sys.argv[2])).to_yaml())
