//! aphex: a short script becomes the files that deliver an AWS CDK application with Argo.
pub mod diagnostic;
pub mod source;
pub mod syntax;
