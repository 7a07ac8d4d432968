//! AWS regions and the partitions that they are in.

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::schema::{FromConfig, Kind, Reader, Text, Value};
use crate::source::{Span, Spanned};

/// A part of AWS with accounts, ARNs and endpoints of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Partition {
    /// The commercial regions.
    Aws,
    /// China.
    AwsCn,
    /// The regions of the United States' government.
    AwsUsGov,
    /// The European sovereign cloud.
    AwsEusc,
    /// The isolated regions, `us-iso-…`.
    AwsIso,
    /// The isolated regions, `us-isob-…`.
    AwsIsoB,
    /// The isolated regions, `eu-isoe-…`.
    AwsIsoE,
    /// The isolated regions, `us-isof-…`.
    AwsIsoF,
}

impl Partition {
    /// The word in an ARN.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsEusc => "aws-eusc",
            Self::AwsIso => "aws-iso",
            Self::AwsIsoB => "aws-iso-b",
            Self::AwsIsoE => "aws-iso-e",
            Self::AwsIsoF => "aws-iso-f",
        }
    }
}

/// The regions of each partition, as botocore 1.44.5 lists them, and the geographies that their names start with.
const PARTITIONS: &[(Partition, &[&str], &[&str])] = &[
    (
        Partition::Aws,
        &["af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"],
        &[
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-south-2",
            "ap-southeast-1",
            "ap-southeast-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-central-1",
            "ca-west-1",
            "eu-central-1",
            "eu-central-2",
            "eu-north-1",
            "eu-south-1",
            "eu-south-2",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "me-west-1",
            "mx-central-1",
            "sa-east-1",
            "sa-west-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ],
    ),
    (Partition::AwsCn, &["cn"], &["cn-north-1", "cn-northwest-1"]),
    (Partition::AwsUsGov, &["us-gov"], &["us-gov-east-1", "us-gov-west-1"]),
    (Partition::AwsEusc, &["eusc-de"], &["eusc-de-east-1"]),
    (Partition::AwsIso, &["us-iso"], &["us-iso-east-1", "us-iso-west-1"]),
    (Partition::AwsIsoB, &["us-isob"], &["us-isob-east-1", "us-isob-west-1"]),
    (Partition::AwsIsoE, &["eu-isoe"], &["eu-isoe-west-1"]),
    (Partition::AwsIsoF, &["us-isof"], &["us-isof-east-1", "us-isof-south-1"]),
];

const DIRECTIONS: &[&str] =
    &["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"];

/// An AWS region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String, Partition);

impl Region {
    /// The region's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition that it is in.
    pub const fn partition(&self) -> Partition {
        self.1
    }

    /// Every region on the list.
    pub fn known() -> impl Iterator<Item = &'static str> {
        PARTITIONS.iter().flat_map(|(_, _, regions)| regions.iter().copied())
    }

    fn is_known(&self) -> bool {
        Self::known().any(|region| region == self.0)
    }
}

impl std::fmt::Display for Region {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Text for Region {
    const ONE: &'static str = "an AWS region";
    const MANY: &'static str = "AWS regions";
    const NAME: &'static str = "Region";
    const DOC: &'static str = "An AWS region: one on the list, or one that looks like a newer region of the same geographies, which is a warning (`unknown-region`).";
    const PATTERN: &'static str = r"^[a-z]{2,4}(-[a-z]+){1,2}-[0-9]{1,2}$";

    fn parse(text: &str) -> Result<Self, String> {
        match partition(text) {
            Some(partition) => Ok(Self(text.to_owned(), partition)),
            None => Err(format!("there is no AWS region {text:?}")),
        }
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromConfig for Region {
    const KIND: Kind = Kind::Text(&Self::FORM);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Str(text) = &value.node else { return reader.text(value) };
        // Looked for only where it is said: it is compared with every region.
        let hint = || match did_you_mean(text, Self::known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a region looks like `us-east-1`".into(),
        };
        let Ok(region) = Self::parse(text) else {
            let message = reader.at_key(&format!("there is no AWS region {text:?}"));
            reader.report(Diagnostic::new(Code::BadValue, value.span, message).help(hint()));
            return None;
        };
        if !region.is_known() {
            let message = format!("aphex does not know the region `{text}`; it may be newer than its list");
            reader.report(Diagnostic::new(Code::UnknownRegion, value.span, message).help(hint()));
        }
        Some(region)
    }

    fn to_config(&self, _: Span) -> Value {
        Value::text(&self.0)
    }
}

/// The partition of a region: one on the list, or one of a known geography, a direction and a number.
fn partition(region: &str) -> Option<Partition> {
    let listed = PARTITIONS.iter().find(|(_, _, regions)| regions.contains(&region));
    let plausible = || {
        let (rest, number) = region.rsplit_once('-')?;
        let (geography, direction) = rest.rsplit_once('-')?;
        let counted = !number.is_empty() && number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit());
        let known = PARTITIONS.iter().find(|(_, geographies, _)| geographies.contains(&geography));
        known.filter(|_| counted && DIRECTIONS.contains(&direction))
    };
    listed.or_else(plausible).map(|(partition, _, _)| *partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_known_or_plausible_or_wrong() {
        assert_eq!(partition("us-gov-west-1"), Some(Partition::AwsUsGov));
        assert_eq!(partition("us-east-3"), Some(Partition::Aws));
        assert_eq!(partition("us-gov-south-1"), Some(Partition::AwsUsGov));
        assert_eq!(partition("us-esat-1"), None);
        assert_eq!(partition("us-east-"), None);
        assert_eq!(partition("xx-east-1"), None);
    }
}
