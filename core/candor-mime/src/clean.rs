//! Texts without control signs and signs that are not seen.

/// One line: white space folded, nothing that is not seen, at most `most` signs.
pub(crate) fn line(text: &str, most: usize) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.chars().filter(|c| is_seen(*c)).take(most).collect()
}

/// Lines of text, at most `most` signs; and whether something was cut off.
pub(crate) fn body(text: &str, most: usize) -> (String, bool) {
    let folded = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut rest = folded
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || is_seen(*c));
    let taken: String = rest.by_ref().take(most).collect();
    let cut = rest.next().is_some();
    (taken.trim_end().trim_start_matches('\n').to_owned(), cut)
}

/// The name of a file without folders.
pub(crate) fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean = line(last, 100);
    clean
        .trim_matches(|c: char| c == '.' || c.is_whitespace())
        .to_owned()
}

/// Neither a control sign nor one that hides or turns what is read.
fn is_seen(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unseen_stays() {
        assert_eq!(line(" a\u{0}\u{202e}b\r\n c ", 9), "ab c");
        assert_eq!(line("abcdef", 3), "abc");
        assert_eq!(
            body("\r\na\u{7}\rb\t\u{200b}c\n\n", 99),
            ("a\nb\tc".into(), false)
        );
        assert_eq!(body("abcd", 3), ("abc".into(), true));
        assert_eq!(file_name("..\\..\\x/\u{202e}a.txt"), "a.txt");
        assert_eq!(file_name("../.."), "");
    }
}
