//! aphex: a short script becomes the files that deliver an AWS CDK application with Argo.
pub mod check;
pub mod diagnostic;
pub mod emit;
pub mod model;
pub mod schema;
pub mod source;
