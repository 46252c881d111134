//! `.Capabilities` as templates see it: structs with fields and methods.

use std::any::Any;
use std::sync::OnceLock;

use super::{Capabilities, KubeVersion};
use crate::value::{
    CallError, ElemType, List, ListType, Method, Object, ParamType, Signature, Str, Value,
};

/// The version of helm whose behaviour charts can count on, as `HelmVersion` tells it.
const HELM_VERSION: [(&str, &str, &str); 5] = [
    ("Version", "version", "v4.3.1"),
    (
        "GitCommit",
        "git_commit",
        "c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff",
    ),
    ("GitTreeState", "git_tree_state", "clean"),
    ("GoVersion", "go_version", "go1.27.2"),
    ("KubeClientVersion", "kube_client_version", "v1.37"),
];

/// `*common.Capabilities`.
pub(super) struct CapabilitiesObject {
    capabilities: Capabilities,
    /// Made when first asked for: most charts never look.
    api_versions: OnceLock<Value>,
}

impl CapabilitiesObject {
    pub(super) fn new(capabilities: Capabilities) -> CapabilitiesObject {
        CapabilitiesObject {
            capabilities,
            api_versions: OnceLock::new(),
        }
    }

    fn kube_version(&self) -> Value {
        Value::object(KubeVersionObject {
            version: self.capabilities.kube_version.clone(),
            form: Form::Field,
        })
    }

    fn api_versions(&self) -> Value {
        self.api_versions
            .get_or_init(|| {
                let versions = self.capabilities.api_versions().map(Value::string);
                List::new(&VERSION_SET, versions.collect()).into()
            })
            .clone()
    }
}

impl Object for CapabilitiesObject {
    fn go_type(&self) -> &'static str {
        "*common.Capabilities"
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("KubeVersion", self.kube_version()),
            ("APIVersions", self.api_versions()),
            ("HelmVersion", build_info(None)),
        ]
    }

    fn field(&self, name: &[u8]) -> Option<Value> {
        match name {
            b"KubeVersion" => Some(self.kube_version()),
            b"APIVersions" => Some(self.api_versions()),
            b"HelmVersion" => Some(build_info(None)),
            _ => None,
        }
    }

    fn methods(&self) -> &'static [Method] {
        const METHODS: &[Method] = &[Method::getter("Copy", |receiver, _| Ok(receiver.clone()))];
        METHODS
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `common.KubeVersion`.
struct KubeVersionObject {
    version: KubeVersion,
    form: Form,
}

/// How a struct is held.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As the field of `.Capabilities`, so that Go can take its address.
    Field,
    /// As a value of its own.
    Value,
    /// As a copy that lacks the unexported field.
    Copy,
}

impl KubeVersionObject {
    fn of(receiver: &Value) -> Option<&KubeVersion> {
        let object = receiver.as_object()?;
        let object = object.as_any().downcast_ref::<KubeVersionObject>()?;
        Some(&object.version)
    }

    fn in_form(&self, form: Form) -> Value {
        let version = self.version.clone();
        Value::object(KubeVersionObject { version, form })
    }

    fn exported(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("Version", Value::from(self.version.full())),
            ("Major", Value::from(self.version.major())),
            ("Minor", Value::from(self.version.minor())),
        ]
    }
}

impl Object for KubeVersionObject {
    fn go_type(&self) -> &'static str {
        "common.KubeVersion"
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.exported()
    }

    // fmt shows the unexported field as well: `{v1.37.0 v1.37.0 1 37}`.
    fn printed_fields(&self) -> Vec<(&'static str, Value)> {
        let mut fields = self.exported();
        let normalized = match self.form {
            Form::Copy => "",
            _ => self.version.normalized(),
        };
        fields.insert(1, ("normalizedVersion", Value::from(normalized)));
        fields
    }

    fn methods(&self) -> &'static [Method] {
        const METHODS: &[Method] = &[
            Method::getter("String", |receiver, _| {
                let version = KubeVersionObject::of(receiver).map_or("", KubeVersion::normalized);
                Ok(version.into())
            }),
            Method::getter("GitVersion", |receiver, _| {
                let version = KubeVersionObject::of(receiver).map_or("", KubeVersion::full);
                Ok(version.into())
            }),
        ];
        // They belong to the pointer type.
        match self.form {
            Form::Field => METHODS,
            _ => &[],
        }
    }

    fn passed(&self) -> Option<Value> {
        (self.form == Form::Field).then(|| self.in_form(Form::Value))
    }

    fn reflected_copy(&self) -> Option<Value> {
        Some(self.in_form(Form::Copy))
    }

    // `String` belongs to the pointer type: an action prints with it, fmt does not.
    fn pointer_stringer(&self) -> Option<Str> {
        (self.form == Form::Field).then(|| self.version.normalized().into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `version.BuildInfo`.
struct HelmVersionObject {
    /// Stands in place of helm's.
    version: Option<&'static str>,
}

impl HelmVersionObject {
    fn entries(&self) -> impl Iterator<Item = (&'static str, &'static str, Value)> {
        let version = self.version;
        HELM_VERSION.iter().map(move |(field, key, value)| {
            let own = version.filter(|_| *field == "Version");
            (*field, *key, Value::from(own.unwrap_or(value)))
        })
    }
}

/// Returns the object that describes a build of helm, perhaps with another version.
pub fn build_info(version: Option<&'static str>) -> Value {
    Value::object(HelmVersionObject { version })
}

/// Returns the fields of that object as helm prints them.
pub fn helm_version() -> [(&'static str, &'static str); 5] {
    HELM_VERSION.map(|(field, _, value)| (field, value))
}

impl Object for HelmVersionObject {
    fn go_type(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.entries()
            .map(|(field, _, value)| (field, value))
            .collect()
    }

    fn encoded(&self) -> Option<Value> {
        let fields = self.entries().map(|(_, key, value)| (key, value));
        Some(Value::object(Encoded(fields.collect())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What a struct is encoded as: keys in the order of the struct's fields.
struct Encoded(Vec<(&'static str, Value)>);

impl Object for Encoded {
    fn go_type(&self) -> &'static str {
        "struct {}"
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.0.clone()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `common.VersionSet`, the type of `.Capabilities.APIVersions`.
static VERSION_SET: ListType = ListType {
    name: "common.VersionSet",
    elem: ElemType::String,
    methods: &[Method::new(
        "Has",
        Signature::fixed(&[ParamType::String]),
        |receiver, args| {
            let wanted = args.first().and_then(Value::as_str);
            let versions = receiver
                .as_list()
                .ok_or_else(|| CallError::new("not a set of versions"))?;
            let has =
                wanted.is_some_and(|w| versions.items().iter().any(|v| v.as_str() == Some(w)));
            Ok(Value::bool(has))
        },
    )],
};
