//! Small words beside numbers: what joins two, and what stands for one.
//!
//! Deliberately absent: numbers and units; they stand in the tables of words.

/// Words between the ends of a range.
pub(super) fn joins(word: &str) -> bool {
    matches!(
        word,
        "-" | "\u{2010}"
            | "\u{2011}"
            | "–"
            | "—"
            | "~"
            | "～"
            | "〜"
            | "to"
            | "or"
            | "and"
            | "bis"
            | "oder"
            | "und"
            | "et"
            | "y"
            | "e"
            | "à"
            | "ou"
            | "a"
            | "o"
            | "至"
            | "到"
            | "から"
    )
}

/// Articles that stand for one.
pub(super) fn is_article(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "un"
            | "une"
            | "d'un"
            | "d'une"
            | "una"
            | "um"
            | "uma"
            | "ein"
            | "eine"
            | "einer"
            | "einem"
            | "eines"
    )
}
