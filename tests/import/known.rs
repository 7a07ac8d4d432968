//! What a person adds to a configuration of the original's.

use aphex::draft::Settings;

pub(crate) fn known() -> Settings {
    Settings {
        name: Some("shop".into()),
        cluster: Some("company-pipelines".into()),
        account: Some("999999999999".into()),
        region: Some("us-east-1".into()),
        repository: Some("my-org/shop".into()),
        url: None,
        branch: None,
    }
}
