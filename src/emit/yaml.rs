//! The one writer of YAML.
