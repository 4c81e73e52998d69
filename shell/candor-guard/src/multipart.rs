//! A form with files, as bytes (RFC 7578).

use std::collections::BTreeMap;

/// A file of a form.
#[derive(Clone, PartialEq, Eq)]
pub struct FilePart {
    /// Name of the field.
    pub field: String,
    /// Name of the file.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for FilePart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[file of {} bytes]", self.bytes.len())
    }
}

/// Boundary and body.
pub(crate) fn encode(fields: &BTreeMap<String, String>, files: &[FilePart]) -> (String, Vec<u8>) {
    let boundary = boundary(fields, files);
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n",
            quoted(name)
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(value.as_bytes());
        body.extend_from_slice(b"\r\n");
    }
    for file in files {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            quoted(&file.field),
            quoted(&file.name)
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&file.bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (boundary, body)
}

/// A boundary that stands in no part.
fn boundary(fields: &BTreeMap<String, String>, files: &[FilePart]) -> String {
    let mut number = 0_u64;
    loop {
        let candidate = format!("candor-form-{number:016}");
        let bytes = candidate.as_bytes();
        let inside = |part: &[u8]| part.windows(bytes.len()).any(|w| w == bytes);
        let taken =
            fields.values().any(|v| inside(v.as_bytes())) || files.iter().any(|f| inside(&f.bytes));
        if !taken {
            return candidate;
        }
        number += 1;
    }
}

/// As browsers write names: quotes and line breaks as percent codes.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_written_as_the_standard_says() {
        let fields = BTreeMap::from([("a".to_owned(), "b".to_owned())]);
        let files = [FilePart {
            field: "files".to_owned(),
            name: "x\"\r\ny.txt".to_owned(),
            bytes: b"z".to_vec(),
        }];
        let (boundary, body) = encode(&fields, &files);
        let text = String::from_utf8(body).unwrap();
        let wanted = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"x%22%0D%0Ay.txt\"\r\n\
             Content-Type: application/octet-stream\r\n\r\nz\r\n--{boundary}--\r\n"
        );
        assert_eq!(text, wanted);
    }

    #[test]
    fn the_boundary_stands_in_no_part() {
        let fields = BTreeMap::from([("a".to_owned(), "candor-form-0000000000000000".to_owned())]);
        assert_eq!(encode(&fields, &[]).0, "candor-form-0000000000000001");
    }
}
