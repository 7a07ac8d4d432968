//! aphex: a short script becomes the files that deliver an AWS CDK application with Argo.
pub mod cli;
pub mod compile;
pub mod diagnostic;
pub mod report;
pub mod source;
