//! The typed records as data: as `pipeline.json` holds them, without the places.

use serde::{Serialize, Serializer};

use super::{
    AccountId, Approval, Conditions, Endpoint, Gate, Item, Keys, Notification, OneOrMany, Port, Ref, Region, Retries,
    Returned, Rollback, Secret, Slack, StackRef, Stage, Validate, Wave, Webhook,
};
use crate::schema::{self, FromConfig, NonEmpty, Table, Text};
use crate::source::Span;

/// As the language would write it.
macro_rules! as_config {
    ($($({$($parameter:ident: $bound:path),*})? $type:ty;)*) => {$(
        impl $(<$($parameter: $bound),*>)? Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.to_config(Span::NOWHERE).serialize(serializer)
            }
        }
    )*};
}

/// As its kind, its name and its keys.
macro_rules! as_declared {
    ($($type:ty;)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                schema::Keys::of(self).serialize(serializer)
            }
        }
    )*};
}

as_config! {
    AccountId;
    Conditions;
    {T: Text} Endpoint<T>;
    Gate;
    {T: FromConfig} NonEmpty<T>;
    Notification;
    {T: FromConfig} OneOrMany<T>;
    Port;
    {T: Returned} Ref<T>;
    Region;
    Retries;
    Rollback;
    StackRef;
    Stage;
    {K: Text, V: FromConfig} Table<K, V>;
    Validate;
}

as_declared! {
    Approval;
    Secret;
    Slack;
    Wave;
    Webhook;
}

impl<N: Text + std::fmt::Debug + Send + Sync + 'static, K: Keys> Serialize for Item<N, K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        schema::Keys::of(self).serialize(serializer)
    }
}
