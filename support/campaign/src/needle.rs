//! Looking for a word in a heap of bytes, in every form in which it could hide.
//!
//! Forms: as it is, in capitals and in small letters; each of these in UTF-16, in
//! hexadecimal, in Base64 at each of the three places where it can begin; and all of that
//! inside what gzip or zlib packed. Deliberately absent: other packers, and reading order.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Most that is unpacked of one stream.
const MOST: u64 = 16 * 1024 * 1024;

/// One word in all its forms.
#[derive(Debug, Clone)]
pub(crate) struct Needle {
    forms: Vec<(&'static str, String)>,
}

/// Bytes as a text, one character each, so that the search of the standard library serves.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

impl Needle {
    /// A word of at least nine letters and digits of ASCII.
    pub(crate) fn new(word: &str) -> Self {
        assert!(word.len() >= 9 && word.bytes().all(|b| b.is_ascii_alphanumeric()));
        let mut forms = Vec::new();
        for word in [word.to_owned(), word.to_lowercase(), word.to_uppercase()] {
            let digits = |hex: String, b: u8| hex + &format!("{b:02x}");
            let hex = word.bytes().fold(String::new(), digits);
            let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            // Big end first is the same bytes, shifted by one.
            forms.push(("UTF-16", latin(&wide[..wide.len() - 1])));
            forms.push(("hexadecimal", hex.to_uppercase()));
            forms.push(("hexadecimal", hex));
            for lead in 0..3 {
                let padded = [&vec![b'x'; lead], word.as_bytes()].concat();
                for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                    // Letters at both ends mix with their neighbours and are cut off.
                    let text = engine.encode(&padded);
                    forms.push(("Base64", text[4..text.len() - 3].to_owned()));
                }
            }
            forms.push(("as it is", word));
        }
        forms.sort();
        forms.dedup();
        Self { forms }
    }

    /// The form in which it stands there.
    pub(crate) fn find(&self, heap: &[u8]) -> Option<String> {
        if let Some(form) = self.plain(heap) {
            return Some(form.to_owned());
        }
        let packed = unpacked(heap);
        let mut forms = packed.iter().filter_map(|part| self.plain(part));
        forms.next().map(|form| format!("packed, {form}"))
    }

    fn plain(&self, heap: &[u8]) -> Option<&'static str> {
        let text = latin(heap);
        let mut forms = self.forms.iter();
        forms
            .find(|(_, form)| text.contains(form.as_str()))
            .map(|(name, _)| *name)
    }
}

/// What is inside each stream of gzip or zlib in a heap; of a damaged one, its beginning.
fn unpacked(heap: &[u8]) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for at in 0..heap.len().saturating_sub(2) {
        let rest = &heap[at..];
        let mut inside = Vec::new();
        match rest {
            [0x1F, 0x8B, 8, ..] => {
                let _ = flate2::read::GzDecoder::new(rest)
                    .take(MOST)
                    .read_to_end(&mut inside);
            }
            [0x78, 0x01 | 0x5E | 0x9C | 0xDA, ..] => {
                let _ = flate2::read::ZlibDecoder::new(rest)
                    .take(MOST)
                    .read_to_end(&mut inside);
            }
            _ => {}
        }
        if inside.len() >= 9 {
            out.push(inside);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const WORD: &str = "Zq7KwVx3Rj9T";

    fn is_found(bytes: &[u8]) -> Option<String> {
        let heap = [&[0, 255, 0x78], bytes, b" and more"].concat();
        Needle::new(WORD).find(&heap)
    }

    #[test]
    fn every_disguise_is_seen_through() {
        assert_eq!(is_found(WORD.as_bytes()).unwrap(), "as it is");
        assert!(is_found(WORD.to_lowercase().as_bytes()).is_some());
        for wide in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = WORD.encode_utf16().flat_map(wide).collect();
            assert_eq!(is_found(&bytes).unwrap(), "UTF-16");
        }
        for lead in 0..3 {
            let text = [&vec![b'-'; lead], WORD.as_bytes(), b" and more"].concat();
            let found = is_found(STANDARD_NO_PAD.encode(text).as_bytes());
            assert_eq!(found.unwrap(), "Base64");
        }
        assert_eq!(is_found(b"nothing of it"), None);
    }

    #[test]
    fn what_is_packed_is_looked_into() {
        let level = flate2::Compression::best();
        let text = format!("before {WORD} and behind");
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
        gzip.write_all(text.as_bytes()).unwrap();
        assert!(
            is_found(&gzip.finish().unwrap())
                .unwrap()
                .starts_with("packed")
        );
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), level);
        zlib.write_all(text.as_bytes()).unwrap();
        assert!(
            is_found(&zlib.finish().unwrap())
                .unwrap()
                .starts_with("packed")
        );
    }
}
