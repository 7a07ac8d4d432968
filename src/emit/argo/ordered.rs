//! Objects of Kubernetes with their keys in the order in which people write them: their types list them by the alphabet.
//!
//! Only fields that aphex sets are named here; a test holds that none of an object's is left out.

use k8s_openapi::Resource;
use k8s_openapi::api::core::v1::{
    ConfigMap, Container, EnvVar, EnvVarSource, SecretKeySelector, Service, ServiceAccount, ServicePort, ServiceSpec,
};
use k8s_openapi::api::rbac::v1::{PolicyRule, Role, RoleBinding, RoleRef, Subject};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// An object whose keys come in the order of its [`Shown`].
pub(super) struct Ordered<'a, T>(pub(super) &'a T);

impl<T: Shown> Serialize for Ordered<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut keys = Keys(serializer.serialize_map(None)?);
        self.0.show(&mut keys)?;
        keys.0.end()
    }
}

/// Several of them.
struct Many<'a, T>(&'a [T]);

impl<T: Shown> Serialize for Many<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Ordered))
    }
}

/// For fields of our own types.
pub(super) fn ordered<T: Shown, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    Ordered(object).serialize(serializer)
}

/// For fields of our own types that may be left out.
#[expect(clippy::ref_option, reason = "serde gives it so")]
pub(super) fn ordered_option<T: Shown, S: Serializer>(object: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    object.as_ref().map(Ordered).serialize(serializer)
}

/// Says which keys a type has, in their order.
pub(super) trait Shown {
    /// Adds those that are set.
    fn show<M: SerializeMap>(&self, keys: &mut Keys<M>) -> Result<(), M::Error>;
}

impl<T: Shown> Shown for Box<T> {
    fn show<M: SerializeMap>(&self, keys: &mut Keys<M>) -> Result<(), M::Error> {
        T::show(self, keys)
    }
}

/// The keys of one object on their way.
pub(super) struct Keys<M>(M);

impl<M: SerializeMap> Keys<M> {
    fn kind<T: Resource>(&mut self, _: &T) -> Result<(), M::Error> {
        self.0.serialize_entry("apiVersion", T::API_VERSION)?;
        self.0.serialize_entry("kind", T::KIND)
    }

    fn all(&mut self, key: &'static str, value: &impl Serialize) -> Result<(), M::Error> {
        self.0.serialize_entry(key, value)
    }

    fn own<T: Shown>(&mut self, key: &'static str, value: &T) -> Result<(), M::Error> {
        self.all(key, &Ordered(value))
    }

    fn some(&mut self, key: &'static str, value: Option<&impl Serialize>) -> Result<(), M::Error> {
        value.map_or(Ok(()), |value| self.0.serialize_entry(key, value))
    }

    fn shown<T: Shown>(&mut self, key: &'static str, value: Option<&T>) -> Result<(), M::Error> {
        self.some(key, value.map(Ordered).as_ref())
    }

    fn many<T: Shown>(&mut self, key: &'static str, values: Option<&Vec<T>>) -> Result<(), M::Error> {
        self.some(key, values.map(|values| Many(values)).as_ref())
    }
}

/// Declares the keys of a type: each with its field and how it is added; `kind` says that it is an object of its own.
macro_rules! shown {
    ($($type:ident $($kind:ident)? { $($key:literal $how:ident $field:ident,)* })*) => {$(
        impl Shown for $type {
            fn show<M: SerializeMap>(&self, keys: &mut Keys<M>) -> Result<(), M::Error> {
                $(keys.$kind(self)?;)?
                $(keys.$how($key, shown!(@value $how self.$field))?;)*
                Ok(())
            }
        }
    )*};
    (@value all $value:expr) => { &$value };
    (@value own $value:expr) => { &$value };
    (@value $how:ident $value:expr) => { $value.as_ref() };
}

shown! {
    ObjectMeta {
        "name" some name,
        "generateName" some generate_name,
        "namespace" some namespace,
        "labels" some labels,
        "annotations" some annotations,
    }
    ServiceAccount kind {
        "metadata" own metadata,
        "automountServiceAccountToken" some automount_service_account_token,
    }
    Role kind {
        "metadata" own metadata,
        "rules" many rules,
    }
    PolicyRule {
        "apiGroups" some api_groups,
        "resources" some resources,
        "resourceNames" some resource_names,
        "verbs" all verbs,
    }
    RoleBinding kind {
        "metadata" own metadata,
        "roleRef" own role_ref,
        "subjects" many subjects,
    }
    RoleRef {
        "kind" all kind,
        "name" all name,
        "apiGroup" all api_group,
    }
    Subject {
        "kind" all kind,
        "name" all name,
        "namespace" some namespace,
    }
    ConfigMap kind {
        "metadata" own metadata,
    }
    Service kind {
        "metadata" own metadata,
        "spec" shown spec,
    }
    ServiceSpec {
        "type" some type_,
        "selector" some selector,
        "ports" many ports,
    }
    ServicePort {
        "name" some name,
        "port" all port,
        "protocol" some protocol,
        "targetPort" some target_port,
    }
    // Without the name, which its type always has: Argo gives it one.
    Container {
        "image" some image,
        "command" some command,
        "args" some args,
        "workingDir" some working_dir,
        "env" many env,
        "resources" some resources,
        "securityContext" some security_context,
    }
    EnvVar {
        "name" all name,
        "value" some value,
        "valueFrom" shown value_from,
    }
    EnvVarSource {
        "secretKeyRef" shown secret_key_ref,
    }
    SecretKeySelector {
        "name" all name,
        "key" all key,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::emit::argo::tests::samples;
    use crate::emit::argo::types::Body;
    use crate::emit::argo::{Objects, rbac};

    /// Whether what is written is all of the object but for an empty name.
    fn assert_whole<T: Shown + Serialize>(object: &T) {
        let mut all = serde_json::to_value(object).unwrap();
        if all.get("image").is_some() {
            assert_eq!(all.as_object_mut().unwrap().shift_remove("name"), Some(json!("")));
        }
        assert_eq!(serde_json::to_value(Ordered(object)).unwrap(), all);
    }

    #[test]
    fn nothing_of_an_object_is_left_out() {
        for (_, pipeline) in samples() {
            let objects = Objects::of(&pipeline, "pipeline.aphex");
            for object in &objects.rbac {
                match object {
                    rbac::Object::Account(account) => assert_whole(account),
                    rbac::Object::Role(role) => assert_whole(role),
                    rbac::Object::Binding(binding) => assert_whole(binding),
                }
            }
            objects.config_map.iter().for_each(assert_whole);
            assert_whole(&objects.service);
            for template in objects.workflows().flat_map(|workflow| &workflow.spec.templates) {
                if let Body::Container(container) = &template.body {
                    assert_whole(&**container);
                }
            }
            objects.sensors.iter().for_each(|sensor| assert_whole(&sensor.metadata));
        }
    }
}
