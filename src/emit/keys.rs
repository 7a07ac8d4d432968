//! The keys of records that are used in more than one place. A record that gets another key does not compile until the key
//! is named here: use it where it belongs first. The other records are taken apart where they are used.

use crate::model::{ApprovalKeys, Argo, Cluster, GithubKeys, Images, Names, PipelineKeys, SecretStore, StackKeys};

const _: fn(&PipelineKeys) = |keys| {
    let PipelineKeys {
        // Argo's and Kubernetes' business.
        account: _,
        region: _,
        source: _,
        build: _,
        stages: _,
        directory: _,
        validate: _,
        self_update: _,
        images: _,
        names: _,
        artifacts: _,
        argo: _,
        event_source: _,
        identity: _,
        concurrency: _,
        timeout: _,
        retention: _,
        resources: _,
        notifications: _,
        labels: _,
        annotations: _,
        secret_store: _,
        // CloudFormation's.
        cluster: _,
        permissions: _,
        permissions_boundary: _,
        cdk_qualifier: _,
        // A rule's.
        pin_images: _,
    } = keys;
};

const _: fn(&Cluster) = |keys| {
    let Cluster { name: _, export_prefix: _ } = keys;
};

const _: fn(&Names) = |keys| {
    let Names {
        workflow_template: _,
        event_source: _,
        sensor: _,
        workflow_prefix: _,
        executor_service_account: _,
        builder_service_account: _,
        executor_role: _,
        builder_role: _,
        stack: _,
    } = keys;
};

const _: fn(&Argo) = |keys| {
    let Argo { namespace: _, events_namespace: _, event_bus: _ } = keys;
};

const _: fn(&Images) = |keys| {
    let Images { builder: _, deployer: _, tester: _, validator: _, notifier: _ } = keys;
};

const _: fn(&SecretStore) = |keys| {
    let SecretStore { name: _, kind: _ } = keys;
};

const _: fn(&GithubKeys) = |keys| {
    let GithubKeys {
        branch: _,
        tags: _,
        pull_requests: _,
        paths: _,
        url: _,
        token: _,
        webhook_secret: _,
        clone_token: _,
    } = keys;
};

const _: fn(&StackKeys) = |keys| {
    let StackKeys {
        // A rule's.
        path: _,
        depends_on: _,
    } = keys;
};

const _: fn(&ApprovalKeys) = |keys| {
    let ApprovalKeys { name: _, timeout: _ } = keys;
};
