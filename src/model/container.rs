//! What containers have: images, commands, time, retries, resources, variables.

use super::item::Ref;
use super::permission::Statement;
use super::secret::Secret;
use super::words::{Command, longest, no_control};
use crate::schema::{FromConfig, Kind, NonEmpty, Reader, Table, Value, choices, config, text};
use crate::source::{Span, Spanned};

/// The role whose image also runs small jobs of the pipeline itself.
pub const DEPLOYER: &str = "deployer";

text! {
    /// A container image, `registry/path:tag@digest`, each part but the path optional. The grammar is that of the
    /// distribution project's `reference` package.
    pub struct ImageRef
        matches r"^([A-Za-z0-9.:-]+/)?[a-z0-9]([a-z0-9._-]*[a-z0-9])?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$" at most 512
        = "a container image", "container images", |text| {
        no_control(text, "an image", "a line break is a mistake")?;
        longest(text, 512, "an image")?;
        image_parts(text).map(|_| ())
    };
}

impl ImageRef {
    /// Whether it names a digest, or a tag that says a version.
    pub fn is_pinned(&self) -> bool {
        image_parts(self.as_str())
            .is_ok_and(|(_, tag, digest)| digest.is_some() || tag.is_some_and(|tag| tag != "latest"))
    }
}

text! {
    /// A length of time: a whole number and `s`, `m`, `h` or `d` for seconds, minutes, hours or days, like `"90s"` or
    /// `"7d"`. From one second to a year of 366 days.
    pub struct Duration
        matches r"^[0-9]{1,9}[smhd]$"
        = "a duration like `\"30m\"`", "durations", |text| match seconds(text) {
        Some(0) => Err("a duration is longer than nothing".into()),
        Some(seconds) if seconds > 366 * 86_400 => Err("a duration is at most a year".into()),
        Some(_) => Ok(()),
        None => Err(format!("a duration is a whole number and `s`, `m`, `h` or `d`, like `\"30m\"`; this is {text:?}")),
    };
}

impl Duration {
    /// The length in seconds.
    pub fn seconds(&self) -> i64 {
        seconds(self.as_str()).expect("a Duration is made from a text that has seconds")
    }
}

text! {
    /// A quantity as Kubernetes writes it: `"500m"` (half a processor), `"2"`, `"1.5"`, `"512Mi"`, `"4Gi"`. More than
    /// nothing, without a sign or an exponent. `k`, `M`, `G`, `T`, `P` count by 1,000, `Ki` to `Pi` by 1,024.
    pub struct Quantity
        matches r"^[0-9]{1,15}(\.[0-9]{1,15})?([mkMGTP]|[KMGTP]i)?$"
        = "a quantity like `\"500m\"` or `\"2Gi\"`", "quantities", |text| {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = &text[digits.len()..];
        let units = ["", "m", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi"];
        let number = digits.split_once('.').map_or((digits, "0"), |parts| parts);
        let whole = |part: &str| !part.is_empty() && part.len() <= 15 && part.bytes().all(|b| b.is_ascii_digit());
        if !(whole(number.0) && whole(number.1) && units.contains(&unit)) {
            return Err(format!("a quantity looks like `\"500m\"`, `\"2\"` or `\"2Gi\"`; this is {text:?}"));
        }
        if digits.bytes().all(|b| b == b'0' || b == b'.') { Err("a quantity is more than nothing".into()) } else { Ok(()) }
    };
}

text! {
    /// The name of an environment variable: letters, digits and `_`, not starting with a digit, since a shell reads no
    /// other; at most 253. Names that aphex sets itself, such as `APHEX_COMMIT` or `AWS_REGION`, are an error
    /// (`reserved-variable`).
    pub struct EnvironmentVariable
        matches r"^[A-Za-z_][A-Za-z0-9_]{0,252}$"
        = "the name of an environment variable", "names of environment variables", |text| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if text.is_empty() || !text.chars().all(allowed) || text.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(format!("a variable's name has letters, digits and `_` and starts with no digit; this is {text:?}"));
        }
        longest(text, 253, "a variable's name")
    };
}

text! {
    /// The value of an environment variable: any text without the character NUL. A number or bool is an error that shows
    /// the quoted form. What Argo or the kubelet would take for a reference arrives as it was written.
    pub struct VariableValue
        matches r"^[^\x00]*$"
        = "a text", "texts", |text| {
        if text.contains('\0') { Err("a variable's value holds no NUL".into()) } else { Ok(()) }
    };
}

/// Environment variables with their values.
pub type Variables = Table<EnvironmentVariable, VariableValue>;

/// Environment variables with the secrets that fill them.
pub type Secrets = Table<EnvironmentVariable, Ref<Secret>>;

/// How often a task is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries(u32);

impl Retries {
    /// The number; 0 is not at all.
    pub const fn count(self) -> u32 {
        self.0
    }
}

impl FromConfig for Retries {
    const KIND: Kind = Kind::Int(0, 20);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match value.node {
            Value::Int(count) if (0..=20).contains(&count) => u32::try_from(count).ok().map(Self),
            Value::Int(count) => {
                reader.bad_value(value.span, format!("a task is tried again 0 to 20 times, not {count}"))
            }
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, _: Span) -> Value {
        Value::Int(self.0.into())
    }
}

config! {
    /// What one container asks of its node.
    pub struct Resources = "resources" {
        /// Processors: the request. There is no limit, so that it may use more where the node has it.
        cpu: Option<Quantity> = none "the pipeline's",
        /// Bytes of memory: the request and the limit.
        memory: Option<Quantity> = none "the pipeline's",
    }
}

config! {
    /// What every container asks of its node, unless its own `resources` say otherwise.
    pub struct PipelineResources = "resources" {
        /// Processors: the request. There is no limit, so that it may use more where the node has it.
        cpu: Quantity = "500m",
        /// Bytes of memory: the request and the limit.
        memory: Quantity = "2Gi",
    }
}

config! {
    /// The images that run the stages: any registry, with a tag or digest. An image on `build`, `tests` or `deploy` wins.
    /// An image of your own keeps the promise of the one that it replaces: the script `/usr/local/bin/aphex-…` is in it.
    pub struct Images = "images" {
        /// Runs the build: `/usr/local/bin/aphex-build` is in it.
        builder: ImageRef = "public.ecr.aws/aphex/builder:latest",
        /// Deploys stacks and the pipeline: `/usr/local/bin/aphex-deploy-stack` and `aphex-deploy-pipeline` are in it.
        deployer: ImageRef = "public.ecr.aws/aphex/deployer:latest",
        /// Runs the tests: `/usr/local/bin/aphex-test` is in it.
        tester: ImageRef = "public.ecr.aws/aphex/tester:latest",
        /// Checks the script: `/usr/local/bin/aphex-validate` is in it.
        validator: ImageRef = "public.ecr.aws/aphex/validator:latest",
        /// Sends notifications: a shell, `curl`, `printenv`, `sed` and `tr` are in it.
        notifier: ImageRef = "curlimages/curl:8.11.1",
    }
}

config! {
    /// How the application is built. It runs code of the repository, with the rights to write this pipeline's artifacts
    /// and what the pipeline's `permissions` add.
    pub struct Build = "build", shorthand "commands" {
        /// Lines of shell, joined by ` && `, so that the first that fails ends them. They start in the pipeline's
        /// `directory`.
        commands: NonEmpty<Command>,
        /// The image, with `/usr/local/bin/aphex-build` in it.
        image: Option<ImageRef> = none "the pipeline's `images.builder`",
        /// How long it may take.
        timeout: Option<Duration> = none "no limit but the run's",
        /// How often it is tried again when it fails.
        retries: Retries = 0,
        /// Environment variables. Values are texts; these win over wider `variables`.
        variables: Variables = {},
        /// Environment variables from Secrets. They do not reach pull requests, whose build runs without them.
        secrets: Secrets = {},
        /// What the container asks of its node.
        resources: Resources = {},
    }
}

config! {
    /// How a deployment is tested. Tests run code of the repository, with the rights of the build, or with `permissions`
    /// of their own.
    pub struct Tests = "tests", shorthand "commands" {
        /// Lines of shell, joined by ` && `, so that the first that fails ends them. They start in the pipeline's
        /// `directory`.
        commands: NonEmpty<Command>,
        /// The image, with `/usr/local/bin/aphex-test` in it.
        image: Option<ImageRef> = none "the pipeline's `images.tester`",
        /// How long they may take.
        timeout: Option<Duration> = none "no limit but the run's",
        /// How often they are tried again when they fail.
        retries: Retries = 0,
        /// Environment variables. Values are texts; these win over wider `variables`.
        variables: Variables = {},
        /// Environment variables from Secrets: `#{ NPM_TOKEN: secret("npm", "token") }`.
        secrets: Secrets = {},
        /// What the container asks of its node.
        resources: Resources = {},
        /// What these tests alone may do in AWS: a ServiceAccount and an IAM role of their own with exactly these, which
        /// no other container can use. Without any they have what the build has.
        permissions: Vec<Spanned<Statement>> = [],
    }
}

choices! {
    /// How the stacks of an environment are deployed.
    pub enum DeployMode {
        /// One deployment task for all stacks, in order.
        Together = "together",
        /// One deployment task a stack, so that stacks that do not depend on each other deploy side by side.
        PerStack = "per_stack",
    }
}

config! {
    /// How an environment is deployed. Deployments alone may assume the CDK bootstrap roles.
    pub struct Deploy = "deploy", shorthand "mode" {
        /// One deployment task for all stacks, or one for each.
        mode: DeployMode = "together",
        /// The image, with `/usr/local/bin/aphex-deploy-stack` in it.
        image: Option<ImageRef> = none "the pipeline's `images.deployer`",
        /// How long a deployment task may take.
        timeout: Option<Duration> = none "no limit but the run's",
        /// How often a deployment task is tried again when it fails.
        retries: Retries = 0,
        /// Environment variables. Values are texts; these win over wider `variables`.
        variables: Variables = {},
        /// What the container asks of its node.
        resources: Resources = {},
    }
}

fn seconds(text: &str) -> Option<i64> {
    let unit = text.chars().last()?;
    let factor = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    let plain = !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse::<i64>().ok().map(|count| count * factor) } else { None }
}

type ImageParts<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

/// Path with registry, tag, digest, by the grammar of the distribution project's `reference` package.
fn image_parts(text: &str) -> Result<ImageParts<'_>, String> {
    let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
    let after = rest.rfind('/').map_or(0, |slash| slash + 1);
    let (path, tag) = match rest[after..].split_once(':') {
        Some((_, tag)) => (&rest[..rest.len() - tag.len() - 1], Some(tag)),
        None => (rest, None),
    };
    let (first, others) = path.split_once('/').map_or((None, path), |(first, others)| {
        let host = first.contains(['.', ':']) || first == "localhost";
        if host { (Some(first), others) } else { (None, path) }
    });
    if let Some(host) = first
        && !host.chars().all(|c| c.is_ascii_alphanumeric() || ".:-".contains(c))
    {
        return Err(format!("`{host}` is not a registry's host"));
    }
    let part = |part: &str| {
        let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(edge) && part.ends_with(edge) && part.chars().all(|c| edge(c) || "._-".contains(c))
    };
    if !others.split('/').all(part) {
        return Err(format!("`{others}` is not an image's path: lower-case letters, digits, `.`, `_`, `-` and `/`"));
    }
    let tagged = |tag: &str| {
        tag.len() <= 128
            && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && tag.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    if let Some(wrong) = tag.filter(|tag| !tagged(tag)) {
        return Err(format!("`{wrong}` is not a tag: letters, digits, `.`, `_` and `-`, at most 128"));
    }
    let hex = |digest: &str| {
        digest
            .strip_prefix("sha256:")
            .is_some_and(|d| d.len() == 64 && d.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()))
    };
    if let Some(wrong) = digest.filter(|digest| !hex(digest)) {
        return Err(format!("`{wrong}` is not a digest: `sha256:` and 64 hexadecimal digits"));
    }
    Ok((path, tag, digest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Text as _;

    #[test]
    fn images_are_read_by_their_parts() {
        let pinned = |text: &str| ImageRef::parse(text).map(|image| image.is_pinned());
        assert_eq!(pinned("node:22"), Ok(true));
        assert_eq!(pinned("localhost:5000/a/b"), Ok(false));
        assert_eq!(pinned("public.ecr.aws/aphex/builder:latest"), Ok(false));
        assert_eq!(pinned(&format!("a/b@sha256:{}", "0".repeat(64))), Ok(true));
        assert!(
            pinned("Node:22").is_err() && pinned("a//b").is_err() && pinned("a:b:c").is_err() && pinned("").is_err()
        );
    }

    #[test]
    fn durations_have_seconds() {
        assert_eq!(Duration::parse("90s").map(|d| d.seconds()), Ok(90));
        assert_eq!(Duration::parse("7d").map(|d| d.seconds()), Ok(604_800));
        for wrong in ["", "m", "0s", "1.5h", "10", "-1m", "９m", "400d", "1w"] {
            assert!(Duration::parse(wrong).is_err(), "{wrong}");
        }
    }
}
