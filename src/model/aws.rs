//! Names that AWS takes, each with the limits of the service that takes it.

use super::words::longest;
use crate::schema::{FromConfig, Kind, Reader, Text, Value, text};
use crate::source::{Span, Spanned};

/// An AWS account: twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for AccountId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Text for AccountId {
    const ONE: &'static str = "an AWS account id";
    const MANY: &'static str = "AWS account ids";
    const NAME: &'static str = "AccountId";
    const DOC: &'static str = "An AWS account: twelve digits. A text, since an integer would lose leading zeros.";
    const PATTERN: &'static str = r"^[0-9]{12}$";

    fn parse(text: &str) -> Result<Self, String> {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if let Some(wrong) = text.chars().find(|c| !c.is_ascii_digit()) {
            return Err(format!("an account id has 12 digits and nothing else, this one has {wrong:?}"));
        }
        if digits != 12 {
            return Err(format!("an account id has 12 digits, this one has {digits}"));
        }
        Ok(Self(text.to_owned()))
    }

    fn as_str(&self) -> &str {
        &self.0
    }

    fn from_integer(value: i64) -> String {
        // Leading zeros are what an integer loses; a short number is another mistake.
        if value >= 100_000_000 { format!("{value:012}") } else { value.to_string() }
    }
}

impl FromConfig for AccountId {
    const KIND: Kind = Kind::Text(&Self::FORM);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        reader.text(value)
    }

    fn to_config(&self, _: Span) -> Value {
        Value::text(&self.0)
    }
}

text! {
    /// The name of an S3 bucket: 3 to 63 lower-case letters, digits and hyphens. Dots are allowed by S3 and refused here,
    /// since TLS certificates do not cover such a bucket's host name.
    pub struct BucketName
        matches r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"
        = "a bucket name", "bucket names", |text| {
        let length = text.chars().count();
        if !(3..=63).contains(&length) {
            return Err(format!("a bucket name has 3 to 63 characters, `{text}` has {length}"));
        }
        if let Some(wrong) = text.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-')) {
            return Err(format!("a bucket name has lower-case letters, digits and hyphens, this one has {wrong:?}"));
        }
        if text.starts_with('-') || text.ends_with('-') {
            return Err("a bucket name starts and ends with a letter or digit".into());
        }
        let reserved = ["xn--", "sthree-", "amzn-s3-demo-"].iter().find(|prefix| text.starts_with(**prefix));
        let suffix = ["-s3alias", "--ol-s3", "--x-s3", "--table-s3"].iter().find(|suffix| text.ends_with(**suffix));
        match reserved.or(suffix) {
            Some(part) => Err(format!("S3 keeps names with `{part}` for itself")),
            None => Ok(()),
        }
    };
}

text! {
    /// The name of a CloudFormation stack: a letter, then letters, digits and hyphens, at most 128.
    pub struct CfnStackName
        matches r"^[A-Za-z][A-Za-z0-9-]{0,127}$"
        = "a CloudFormation stack name", "CloudFormation stack names", stack_name;
}

text! {
    /// The name of an IAM role: at most 64 letters, digits and `+=,.@_-`.
    pub struct RoleName
        matches r"^[A-Za-z0-9+=,.@_-]{1,64}$"
        = "an IAM role name", "IAM role names", |text| {
        if let Some(wrong) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || "+=,.@_-".contains(*c))) {
            return Err(format!("an IAM role name has letters, digits and `+=,.@_-`, this one has {wrong:?}"));
        }
        longest(text, 64, "an IAM role name")
    };
}

text! {
    /// The qualifier of a CDK bootstrap: at most 10 letters, digits, `_` and `-`.
    pub struct CdkQualifier
        matches r"^[A-Za-z0-9_-]{1,10}$"
        = "a CDK bootstrap qualifier", "CDK bootstrap qualifiers", |text| {
        if let Some(wrong) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || "_-".contains(*c))) {
            return Err(format!("a qualifier has letters, digits, `_` and `-`, this one has {wrong:?}"));
        }
        longest(text, 10, "a qualifier")
    };
}

text! {
    /// What the CloudFormation exports of a cluster start with: letters, digits, `:` and `-`, at most 200.
    pub struct ExportPrefix
        matches r"^[A-Za-z0-9:-]{1,200}$"
        = "the start of an export name", "starts of export names", |text| {
        if let Some(wrong) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || ":-".contains(*c))) {
            return Err(format!("an export name has letters, digits, `:` and `-`, this one has {wrong:?}"));
        }
        longest(text, 200, "the start of an export name")
    };
}

text! {
    /// The ARN of an IAM policy, like `arn:aws:iam::123456789012:policy/name`; of AWS's own, with `aws` for the account.
    pub struct PolicyArn
        matches r"^arn:aws[A-Za-z0-9+=,.@_/-]*:iam::(aws|[0-9]{12}):policy/[A-Za-z0-9+=,.@_/:-]+$" at most 2_048
        = "the ARN of an IAM policy", "ARNs of IAM policies", |text| {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let [arn, partition, service, region, account, resource] = parts[..] else {
            return Err("an ARN of a policy looks like `arn:aws:iam::123456789012:policy/name`".into());
        };
        let owned = account == "aws" || (account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()));
        let named = resource.strip_prefix("policy/").is_some_and(|name| !name.is_empty());
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-/:".contains(c));
        if arn == "arn" && partition.starts_with("aws") && service == "iam" && region.is_empty() && owned && named && plain {
            longest(text, 2_048, "an ARN")
        } else {
            Err("an ARN of a policy looks like `arn:aws:iam::123456789012:policy/name`".into())
        }
    };
}

/// What CloudFormation takes as a stack's name.
pub(super) fn stack_name(text: &str) -> Result<(), String> {
    if let Some(wrong) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || *c == '-')) {
        return Err(format!("a stack name has letters, digits and hyphens, this one has {wrong:?}"));
    }
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err("a stack name starts with a letter".into());
    }
    longest(text, 128, "a stack name")
}
