//! All patterns of all languages in one trie, so that a text is looked through once.
//!
//! Invariants: what it finds is what [`super::find`] finds for each pattern
//! alone; a scan takes time in the length of the text and the longest piece,
//! not in the number of patterns.
//!
//! Deliberately absent: what patterns mean. A new field of [`Language`] or of its
//! [`RuleWords`] gets one line in `fields!` below; the compiler asks for it.

use std::sync::LazyLock;

use super::rule_words::{BountyWord, CreditWord, RuleWords};
use super::{LANGUAGES, Language, Rule, Topic};
use crate::model::{
    AdviceKind, Audience, ContentKey, CveAssigner, CveCommitment, DisclaimerKind, DutyKind,
    EarlyCause, Firmness, Impact, LateCause, Milestone, Origin, OutletKind, Pace, PrerequisiteKind,
    Protection, ScopeTopic, Severity, StepDemand, StepStage, Support, TermUnit,
};

/// Blanks; a prefix of them marks a field by its length.
const BLANKS: &str = "                                                                                                                                ";

/// Names the fields of [`Language`]: `tables` and `lists` hold patterns and are
/// indexed, `rule_…` those of [`RuleWords`]; `plain` fields hold whole words or prefixes that grammars compare
/// themselves. For a table any value of its kind stands behind the name.
macro_rules! fields {
    (
        tables { $($table:ident: $any:expr,)* }
        lists { $($list:ident,)* }
        rule_tables { $($rule_table:ident: $rule:expr,)* }
        rule_lists { $($rule_list:ident,)* }
        plain { $($plain:ident,)* }
    ) => {
        #[allow(non_camel_case_types, reason = "the names are those of the fields")]
        #[derive(Clone, Copy)]
        enum Field { $($table,)* $($list,)* $($rule_table,)* $($rule_list,)* }

        /// A language whose patterns only tell which field they stand in.
        static MARKS: Language = Language {
            code: "",
            $($table: &[(BLANKS.split_at(Field::$table as usize + 1).0, $any)],)*
            $($list: &[BLANKS.split_at(Field::$list as usize + 1).0],)*
            $($plain: &[],)*
            rules: RuleWords {
                $($rule_table: &[(BLANKS.split_at(Field::$rule_table as usize + 1).0, $rule)],)*
                $($rule_list: &[BLANKS.split_at(Field::$rule_list as usize + 1).0],)*
            },
        };

        /// The patterns of a language by field.
        fn patterns(language: &Language) -> Vec<(Field, Vec<&'static str>)> {
            vec![
                $((Field::$table, language.$table.iter().map(|(p, _)| *p).collect()),)*
                $((Field::$list, language.$list.to_vec()),)*
                $((
                    Field::$rule_table,
                    language.rules.$rule_table.iter().map(|(p, _)| *p).collect(),
                ),)*
                $((Field::$rule_list, language.rules.$rule_list.to_vec()),)*
            ]
        }
    };
}

fields! {
    tables {
        headings: Topic::Other,
        leads: Topic::Other,
        rhythms: (1, TermUnit::Days),
        milestones: Milestone::Fix,
        vague: Pace::Asap,
        vague_cells: Pace::Asap,
        origins: Origin::Receipt,
        audiences: Audience::Public,
        severities: Severity::Low,
        firmness: Firmness::Commit,
        contents: ContentKey::Other,
        scope_topics: ScopeTopic::Other,
        disclosure: Rule::Agreed,
        stages: StepStage::Fix,
        step_demands: StepDemand::TestRecord,
        duties: DutyKind::Other,
        duty_calls: DutyKind::Other,
        prerequisites: PrerequisiteKind::Other,
        out_around: "",
        outlets: OutletKind::Other,
        disclaimers: DisclaimerKind::BestEffort,
        advice: AdviceKind::Deployment,
        impacts: Impact::Confidentiality,
        remarks: super::Remark::Basis,
        ways: super::Way::Report,
        terms: super::Way::More,
        supported: Support::Full,
    }
    lists {
        no_cues,
        immediate,
        next_release,
        project_speaks,
        project_acts,
        asked_of_reporter,
        windows,
        silence,
        silence_acts,
        notify,
        no_promise,
        no_deadline,
        optional,
        if_applicable,
        mandatory,
        incomplete,
        public_ban,
        public_risk,
        directives,
        silence_ends,
        out_before,
        out_behind,
        in_before,
        in_behind,
        content_asks,
        no_cvss,
    }
    rule_tables {
        early: EarlyCause::Other,
        early_alone: EarlyCause::Other,
        late: LateCause::Other,
        late_alone: LateCause::Other,
        acts: None,
        credit: CreditWord::Given,
        harbour: Protection::Credit,
        bounty: BountyWord::Named,
        cve: CveCommitment::May,
        assigners: CveAssigner::Other,
        limits: DisclaimerKind::BestEffort,
        reviews: 12,
    }
    rule_lists {
        coordinated,
        full,
        schedules,
        not_coordinated,
        public,
        hold,
        gates,
        before,
        fixed,
        time_to_fix,
        sooner,
        later,
        places,
        process_leads,
        loose_places,
        stage_headings,
        chains,
        asks,
        grants,
        where_due,
    }
    plain {
        fillers,
        numbers,
        units,
        business,
        business_after,
        plain_units,
        every,
        stage_heads,
    }
}

/// Which field a list of patterns is; none for lists that are not indexed.
pub(super) fn field_of_list(list: impl Fn(&Language) -> &'static [&'static str]) -> Option<u8> {
    mark(list(&MARKS).first()?)
}

/// Which field a table is; none for tables that are not indexed.
pub(super) fn field_of_table<T: 'static>(
    table: impl Fn(&Language) -> super::Table<T>,
) -> Option<u8> {
    mark(table(&MARKS).first().map(|(p, _)| p)?)
}

fn mark(blanks: &str) -> Option<u8> {
    u8::try_from(blanks.len()).ok()?.checked_sub(1)
}

/// A piece that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// Number of the piece.
    piece: u32,
    /// Where it begins, in bytes.
    start: u32,
    /// Where it ends.
    end: u32,
}

/// A pattern that fits a text, and where it first does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    /// The field it stands in.
    pub(super) field: u8,
    /// Its place among all patterns of the field, language after language.
    pub(super) entry: u32,
    /// Where it begins, in bytes.
    pub(super) start: u32,
    /// Where it ends.
    pub(super) end: u32,
}

/// A pattern by its first piece.
struct Pattern {
    field: u8,
    entry: u32,
    /// The pieces behind the first.
    rest: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Node {
    edges: (u32, u32),
    /// The piece that ends here and may go on into a longer word, plus one.
    open: u32,
    /// The piece that ends here and must end its word, plus one.
    closed: u32,
}

impl Node {
    /// Notes the pieces that end here.
    fn ends(&self, bytes: &[u8], start: usize, end: usize, out: &mut Vec<Hit>) {
        if self.open != 0 {
            out.push(hit(self.open, start, end));
        }
        if self.closed != 0 && !goes_on(bytes, end) {
            out.push(hit(self.closed, start, end));
        }
    }
}

fn pair_place([a, b]: [u8; 2]) -> usize {
    usize::from(a) << 8 | usize::from(b)
}

/// The trie.
pub(super) struct Index {
    nodes: Vec<Node>,
    edges: Vec<(u8, u32)>,
    /// Nodes by the first byte; 0 for none.
    root: Vec<u32>,
    /// Nodes by the first two bytes: most words end here.
    second: Vec<u32>,
    /// Patterns by their first piece.
    by_piece: Vec<Vec<Pattern>>,
}

/// The one index, built when it is first asked for.
pub(super) static INDEX: LazyLock<Index> = LazyLock::new(build);

fn build() -> Index {
    let mut names: Vec<&'static str> = Vec::new();
    let mut all: Vec<(u8, u32, &'static str)> = Vec::new();
    let mut counts: Vec<u32> = vec![0; BLANKS.len()];
    for language in LANGUAGES {
        for (field, list) in patterns(language) {
            let Some(count) = counts.get_mut(field as usize) else {
                continue;
            };
            for pattern in list {
                all.push((field as u8, *count, pattern));
                *count += 1;
                names.extend(pattern.split(" .. "));
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    let number = |piece: &str| {
        names
            .binary_search(&piece)
            .ok()
            .and_then(|n| u32::try_from(n).ok())
    };
    let mut by_piece: Vec<Vec<Pattern>> = Vec::new();
    by_piece.resize_with(names.len(), Vec::new);
    for (field, entry, pattern) in all {
        let mut pieces = pattern.split(" .. ").filter_map(number);
        let first = pieces.next().and_then(|n| by_piece.get_mut(n as usize));
        if let Some(first) = first {
            let rest = pieces.collect();
            first.push(Pattern { field, entry, rest });
        }
    }
    let mut words: Vec<(&[u8], bool, u32)> = names
        .iter()
        .zip(0_u32..)
        .map(|(name, n)| match name.strip_suffix('$') {
            Some(word) => (word.as_bytes(), true, n),
            None => (name.as_bytes(), false, n),
        })
        .collect();
    words.sort_unstable();
    let mut index = Index {
        // Node 0 stands for "none".
        nodes: vec![Node {
            edges: (0, 0),
            open: 0,
            closed: 0,
        }],
        edges: Vec::new(),
        root: vec![0; 256],
        second: vec![0; 256 * 256],
        by_piece,
    };
    index.grow(&words);
    index
}

/// Pieces by their text, whether they end a word, and their number; sorted.
type Words<'a> = [(&'a [u8], bool, u32)];

impl Index {
    /// Adds all nodes, level by level, so that the edges of a node lie together.
    fn grow(&mut self, words: &Words<'_>) {
        let mut level: Vec<(u32, usize, &Words<'_>)> = Vec::new();
        for group in groups(words, 0) {
            let node = self.add(group, 1);
            let byte = group.first().and_then(|w| w.0.first());
            if let Some(slot) = byte.and_then(|b| self.root.get_mut(usize::from(*b))) {
                *slot = node;
            }
            level.push((node, 1, group));
        }
        while !level.is_empty() {
            let mut below = Vec::new();
            for (node, depth, words) in level {
                let from = size(self.edges.len());
                for group in groups(words, depth) {
                    let child = self.add(group, depth + 1);
                    let Some(signs) = group.first().map(|w| w.0) else {
                        continue;
                    };
                    if let (1, Some(pair)) = (depth, signs.first_chunk::<2>())
                        && let Some(slot) = self.second.get_mut(pair_place(*pair))
                    {
                        *slot = child;
                    }
                    if let Some(byte) = signs.get(depth) {
                        self.edges.push((*byte, child));
                        below.push((child, depth + 1, group));
                    }
                }
                let to = size(self.edges.len());
                if let Some(node) = self.nodes.get_mut(node as usize) {
                    node.edges = (from, to);
                }
            }
            level = below;
        }
    }

    fn add(&mut self, words: &Words<'_>, depth: usize) -> u32 {
        let ends = |closed: bool| {
            words
                .iter()
                .find(|w| w.0.len() == depth && w.1 == closed)
                .map_or(0, |w| w.2 + 1)
        };
        self.nodes.push(Node {
            edges: (0, 0),
            open: ends(false),
            closed: ends(true),
        });
        size(self.nodes.len()) - 1
    }

    /// Notes every piece that begins at a place.
    pub(super) fn walk(&self, bytes: &[u8], start: usize, out: &mut Vec<Hit>) {
        let Some(rest) = bytes.get(start..) else {
            return;
        };
        let root = rest.first().and_then(|b| self.root.get(usize::from(*b)));
        let Some(first) = self.nodes.get(root.copied().unwrap_or(0) as usize) else {
            return;
        };
        let mut end = start + 1;
        first.ends(bytes, start, end, out);
        let pair = rest.first_chunk::<2>();
        let mut at = pair
            .and_then(|pair| self.second.get(pair_place(*pair)))
            .copied()
            .unwrap_or(0);
        while at != 0 {
            let Some(node) = self.nodes.get(at as usize) else {
                return;
            };
            end += 1;
            node.ends(bytes, start, end, out);
            let Some(byte) = bytes.get(end) else { return };
            let edges = self.edges.get(node.edges.0 as usize..node.edges.1 as usize);
            at = edges
                .and_then(|e| e.iter().find(|(b, _)| b == byte))
                .map_or(0, |(_, child)| *child);
        }
    }

    /// Adds the patterns that fit, by field and place in it; the hits are sorted.
    pub(super) fn found(&self, hits: &[Hit], out: &mut Vec<Found>) {
        let mut last = None;
        for hit in hits {
            if last == Some(hit.piece) {
                continue;
            }
            last = Some(hit.piece);
            let patterns = self.by_piece.get(hit.piece as usize);
            for pattern in patterns.into_iter().flatten() {
                let end = pattern
                    .rest
                    .iter()
                    .try_fold(hit.end, |from, piece| next(hits, *piece, from));
                if let Some(end) = end {
                    out.push(Found {
                        field: pattern.field,
                        entry: pattern.entry,
                        start: hit.start,
                        end,
                    });
                }
            }
        }
        // Of each pattern only one place is kept.
        out.sort_unstable_by_key(|f| (u64::from(f.field) << 32) | u64::from(f.entry));
    }
}

/// Puts what was found in order of the pieces and then of the text.
pub(super) fn sort(hits: &mut [Hit]) {
    hits.sort_unstable_by_key(|h| (u64::from(h.piece) << 32) | u64::from(h.start));
}

/// Where a piece ends that begins at or behind a place.
fn next(hits: &[Hit], piece: u32, from: u32) -> Option<u32> {
    let at = hits.partition_point(|h| (h.piece, h.start) < (piece, from));
    hits.get(at).filter(|h| h.piece == piece).map(|h| h.end)
}

fn size(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn hit(piece_plus_one: u32, start: usize, end: usize) -> Hit {
    Hit {
        piece: piece_plus_one - 1,
        start: size(start),
        end: size(end),
    }
}

/// The words that go on, in groups of one next byte.
fn groups<'a, 'b>(
    words: &'b Words<'a>,
    depth: usize,
) -> impl Iterator<Item = &'b Words<'a>> + use<'a, 'b> {
    words
        .chunk_by(move |a, b| a.0.get(depth) == b.0.get(depth))
        .filter(move |g| g.first().is_some_and(|w| w.0.len() > depth))
}

/// Whether a letter or figure stands at a place that may belong to the word before it.
pub(super) fn goes_on(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        None => false,
        Some(b) if b.is_ascii() => b.is_ascii_alphanumeric(),
        Some(_) => {
            first_char(bytes, at).is_some_and(|c| c.is_alphanumeric() && !super::is_unspaced(c))
        }
    }
}

fn first_char(bytes: &[u8], at: usize) -> Option<char> {
    let rest = bytes.get(at..bytes.len().min(at + 4))?;
    rest.utf8_chunks().next()?.valid().chars().next()
}

/// The places of a text where a piece may begin: at words, at signs, and at
/// every character of scripts without blanks.
pub(super) fn starts(text: &str, mut take: impl FnMut(usize)) {
    let bytes = text.as_bytes();
    let mut in_word = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let was_in_word = in_word;
        if byte.is_ascii() {
            in_word = byte.is_ascii_alphanumeric();
            if !(in_word && was_in_word) {
                take(at);
            }
            at += 1;
            continue;
        }
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            return;
        };
        // A Latin word may begin right behind a character of such a script.
        let unspaced = super::is_unspaced(c);
        in_word = c.is_alphanumeric() && !unspaced;
        if !(in_word && was_in_word) || unspaced {
            take(at);
        }
        at += c.len_utf8();
    }
}
