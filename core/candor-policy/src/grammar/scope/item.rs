//! One item of scope: its name, its detail, the paths in it, what it is about.
//!
//! Invariants: the name is made of the item's own words.
//!
//! Deliberately absent: which side it is on.

use crate::grammar::{head_and_rest, short};
use crate::model::{ScopeItem, ScopeTopic};
use crate::read::split_text;
use crate::vocab::{self, FILE_ENDINGS, FOLDERS};

/// Reads an item.
pub(super) fn item(text: &str) -> ScopeItem {
    let low = text.to_lowercase();
    let (name, detail) = match head_and_rest(text).or_else(|| headed(text)) {
        Some((head, rest)) => (head.to_owned(), rest.to_owned()),
        None => match text.split_once('(') {
            Some((head, rest)) if head.trim().chars().count() > 3 => (
                head.trim().to_owned(),
                rest.trim_end_matches(['.', ' '])
                    .trim_end_matches(')')
                    .to_owned(),
            ),
            _ => (text.to_owned(), String::new()),
        },
    };
    ScopeItem {
        name: short(&name, 100),
        detail,
        paths: paths(text),
        topic: topic(&name.to_lowercase(), &low),
    }
}

/// "Denial of service. The host limits its own input." is named by its first sentence.
fn headed(text: &str) -> Option<(&str, &str)> {
    let first = *split_text(text).first()?;
    let rest = text.get(first.len()..)?.trim();
    let short = first.split_whitespace().count() <= 14;
    (short && !rest.is_empty()).then(|| (first.trim().trim_end_matches('.'), rest))
}

fn topic(name: &str, whole: &str) -> ScopeTopic {
    vocab::first(name, |l| l.scope_topics)
        .or_else(|| vocab::first(whole, |l| l.scope_topics))
        .unwrap_or(ScopeTopic::Component)
}

/// Words that look like paths of a repository.
fn paths(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '—' | '`'))
        .map(|w| w.trim_end_matches(['.', ':', ';']))
        .filter(|w| is_path(w))
        .map(str::to_owned)
        .collect()
}

fn is_path(word: &str) -> bool {
    if word.contains("://") || word.contains('@') {
        return false;
    }
    let Some((first, rest)) = word.split_once('/') else {
        return false;
    };
    let known = FOLDERS.contains(&first);
    let ends = FILE_ENDINGS.iter().any(|e| rest.ends_with(e));
    !rest.is_empty() && (known || ends || rest.contains('*'))
}
