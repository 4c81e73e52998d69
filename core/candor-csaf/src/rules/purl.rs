//! Package addresses (purl specification 1.0): what makes one valid, whatever its kind.
//!
//! Deliberately absent: what single kinds of packages ask for besides.

/// Checks one address; the error says what is wrong with it.
pub(super) fn check(address: &str) -> Result<(), String> {
    let rest = address
        .strip_prefix("pkg:")
        .ok_or("the package address does not begin with `pkg:`")?;
    let rest = rest.trim_start_matches('/');
    let (rest, subpath) = match rest.split_once('#') {
        Some((rest, subpath)) => (rest, subpath),
        None => (rest, ""),
    };
    let (rest, qualifiers) = match rest.split_once('?') {
        Some((rest, qualifiers)) => (rest, qualifiers),
        None => (rest, ""),
    };
    let (kind, path) = rest
        .split_once('/')
        .ok_or("the package address has no name")?;
    let kind_fits = kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".+-".contains(&b));
    if !kind_fits {
        return Err(format!("`{}` is no kind of package", clip(kind)));
    }
    let path = path.trim_matches('/');
    // The version follows the last `@` that stands behind the last slash: scopes of
    // npm begin with one.
    let name_start = path.rfind('/').map_or(0, |at| at + 1);
    let (name, version) = match path.get(name_start..).and_then(|n| n.split_once('@')) {
        Some((name, version)) => (name, Some(version)),
        None => (path.get(name_start..).unwrap_or(""), None),
    };
    if decoded(name)?.is_empty() {
        return Err("the package address has no name".to_owned());
    }
    if version == Some("") {
        return Err("the package address has an `@` and no version behind it".to_owned());
    }
    for part in path.split('/').chain(version).chain(subpath.split('/')) {
        decoded(part)?;
    }
    for pair in qualifiers.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let key_fits = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
        if !key_fits {
            return Err(format!("`{}` is no name of a qualifier", clip(key)));
        }
        decoded(value)?;
    }
    Ok(())
}

fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

/// A part without its percent codes.
fn decoded(part: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
            let (Some(high), Some(low)) = (digit(), digit()) else {
                return Err(format!(
                    "`{}` has a percent code that is not whole",
                    clip(part)
                ));
            };
            out.extend(u8::try_from(high * 16 + low));
        } else {
            out.push(byte);
        }
    }
    if std::str::from_utf8(&out).is_err() {
        return Err(format!(
            "`{}` is not UTF-8 behind its percent codes",
            clip(part)
        ));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn an_address_has_a_kind_and_a_name() {
        for good in [
            "pkg:cargo/threatdex",
            "pkg:npm/%40scope/name@1.0.0",
            "pkg:npm/@scope/name@1.0.0",
            "pkg:maven/org.example/core@1.3.4?type=jar&classifier=sources",
            "pkg:golang/example.org/a@v1#sub/dir",
            "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
            "pkg:docker/app@sha256%3Aabc",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "cargo/x",
            "pkg:cargo",
            "pkg:cargo/",
            "pkg:maven/@1.3.4",
            "pkg:maven/org.example/@1.3.4",
            "pkg:1x/a",
            "pkg:npm/a%zz",
            "pkg:npm/a%ff",
            "pkg:npm/a@",
            "pkg:npm/a?1=2",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
