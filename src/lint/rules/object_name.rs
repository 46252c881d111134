//! Whether Kubernetes would take the name of an object.
//!
//! helm: pkg/chart/v2/lint/rules `validateMetadataName`; Kubernetes: apimachinery
//! pkg/api/validation, pkg/util/validation.

use crate::gostd::strconv::quote;

const SUBDOMAIN_RULE: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const LABEL_RULE: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const SERVICE_RULE: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

/// Returns what is wrong with the name of an object of this kind, if anything.
pub(super) fn fault(kind: &[u8], name: &[u8]) -> Option<String> {
    let faults = match kind.to_ascii_lowercase().as_slice() {
        b"service" => faults_of_service(name),
        b"namespace" => faults_of_namespace(name),
        b"certificatesigningrequest" => Vec::new(),
        b"role" | b"clusterrole" | b"rolebinding" | b"clusterrolebinding" => {
            faults_of_path_segment(name)
        }
        _ => faults_of_subdomain(name),
    };
    if faults.is_empty() {
        return None;
    }
    let name = quote(name);
    let faults: Vec<String> = faults
        .into_iter()
        .map(|fault| format!("metadata.name: Invalid value: {name}: {fault}"))
        .collect();
    let faults = match faults.as_slice() {
        [fault] => fault.clone(),
        faults => format!("[{}]", faults.join(", ")),
    };
    Some(format!(
        "object name does not conform to Kubernetes naming requirements: {name}: {faults}"
    ))
}

fn faults_of_subdomain(name: &[u8]) -> Vec<String> {
    let mut faults = too_long(name, 253);
    if !is_subdomain(name) {
        faults.push(SUBDOMAIN_RULE.to_owned());
    }
    faults
}

fn faults_of_namespace(name: &[u8]) -> Vec<String> {
    let mut faults = too_long(name, 63);
    if !is_label(name) {
        faults.push(match is_subdomain(name) {
            true => "must not contain dots".to_owned(),
            false => LABEL_RULE.to_owned(),
        });
    }
    faults
}

fn faults_of_service(name: &[u8]) -> Vec<String> {
    let mut faults = too_long(name, 63);
    if !is_label(name) || name.first().is_some_and(u8::is_ascii_digit) {
        faults.push(SERVICE_RULE.to_owned());
    }
    faults
}

fn faults_of_path_segment(name: &[u8]) -> Vec<String> {
    if name == b"." || name == b".." {
        return vec![format!("may not be '{}'", String::from_utf8_lossy(name))];
    }
    let forbidden = [b'/', b'%'].into_iter();
    forbidden
        .filter(|byte| name.contains(byte))
        .map(|byte| format!("may not contain '{}'", char::from(byte)))
        .collect()
}

fn too_long(name: &[u8], limit: usize) -> Vec<String> {
    match name.len() > limit {
        true => vec![format!("must be no more than {limit} characters")],
        false => Vec::new(),
    }
}

fn is_subdomain(name: &[u8]) -> bool {
    name.split(|b| *b == b'.').all(is_label)
}

/// Reports whether a name is of lower case letters, digits and dashes, no dash at
/// its ends.
fn is_label(name: &[u8]) -> bool {
    let is_inner = |b: &u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
    !name.is_empty()
        && !name.starts_with(b"-")
        && !name.ends_with(b"-")
        && name.iter().all(is_inner)
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn the_kind_decides() {
        assert_eq!(fault(b"Pod", b"a.b-c"), None);
        assert_eq!(fault(b"Service", b"a-1"), None);
        assert!(fault(b"service", b"1-a").is_some());
        assert!(fault(b"Service", b"a.b").is_some());
        assert_eq!(fault(b"ClusterRole", b"a:B_c"), None);
        assert_eq!(fault(b"CertificateSigningRequest", b"-"), None);
        let text = fault(b"Namespace", b"a.b").expect("a fault");
        assert!(text.ends_with("\"a.b\": must not contain dots"), "{text}");
    }

    #[test]
    fn several_faults_are_a_list() {
        let text = fault(b"Role", b"a/%").expect("two faults");
        assert_eq!(
            text,
            "object name does not conform to Kubernetes naming requirements: \"a/%\": \
             [metadata.name: Invalid value: \"a/%\": may not contain '/', \
             metadata.name: Invalid value: \"a/%\": may not contain '%']"
        );
    }
}
