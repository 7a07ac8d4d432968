//! The bucket that keeps the build's artifacts.

use crate::emit::tree::{Node, tree};

use super::tags;
use crate::model::{Artifacts, Pipeline};

/// Its logical id.
pub(super) const BUCKET: &str = "ArtifactBucket";

/// The most days that a replaced version of an object is kept.
const NONCURRENT_DAYS: i64 = 30;

/// The bucket. It stays when the stack is deleted: what was delivered from it may be needed again.
pub(super) fn bucket(pipeline: &Pipeline) -> Node<'_> {
    let Artifacts { bucket, retention } = &pipeline.artifacts.node;
    tree!({
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Metadata": { "checkov": { "skip": [{
            "id": "CKV_AWS_18",
            "comment": "access logs need a bucket of the platform's",
        }] } },
        "Properties": {
            "BucketName": bucket.as_str(),
            "BucketEncryption": { "ServerSideEncryptionConfiguration": [{
                "BucketKeyEnabled": true,
                "ServerSideEncryptionByDefault": { "SSEAlgorithm": "AES256" },
            }] },
            "VersioningConfiguration": { "Status": "Enabled" },
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": true,
                "BlockPublicPolicy": true,
                "IgnorePublicAcls": true,
                "RestrictPublicBuckets": true,
            },
            "OwnershipControls": { "Rules": [{ "ObjectOwnership": "BucketOwnerEnforced" }] },
            "LifecycleConfiguration": { "Rules": lifecycle(retention.days()) },
            "Tags": tags(pipeline),
        },
    })
}

/// S3 takes the removal of delete markers in no rule that has days.
fn lifecycle(days: i64) -> Node<'static> {
    tree!([
        {
            "Id": "expire-artifacts",
            "Status": "Enabled",
            "ExpirationInDays": days,
            "NoncurrentVersionExpiration": { "NoncurrentDays": days.min(NONCURRENT_DAYS) },
        },
        {
            "Id": "abort-multipart",
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": 7 },
        },
        { "Id": "drop-delete-markers", "Status": "Enabled", "ExpiredObjectDeleteMarker": true },
    ])
}

/// Refuses what does not come over TLS.
pub(super) fn bucket_policy() -> Node<'static> {
    tree!({
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": { "Ref": BUCKET },
            "PolicyDocument": { "Version": "2012-10-17", "Statement": [{
                "Sid": "DenyInsecureTransport",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [
                    { "Fn::GetAtt": [BUCKET, "Arn"] },
                    { "Fn::Sub": "${ArtifactBucket.Arn}/*" },
                ],
                "Condition": { "Bool": { "aws:SecureTransport": "false" } },
            }] },
        },
    })
}
