//! `candor score cvss`: scores of CVSS vectors, a line each.
//!
//! Invariants: one line of output for each line that holds something, in the same order; a
//! vector is scored in its own version; memory does not grow with the input. Deliberately
//! absent: what a score means for a case; there the policy's words rule.

use std::io::{BufRead as _, BufWriter, Write as _};

use candor_score::{Score, Vector, Version};
use serde_json::{Map, Value, json};

use crate::cli::CvssArgs;
use crate::say;
use crate::stop::{Done, Stop};

/// Longest line that is read, in bytes; a vector has less than 200.
const LONGEST: u64 = 10_000;

/// Scores the vectors of the command line, or those of standard input.
pub(crate) fn run(args: &CvssArgs) -> Done {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut wrong = 0_u64;
    let mut one = |text: &str| {
        let scored = Vector::parse(text);
        wrong += u64::from(scored.is_err());
        let line = match &scored {
            Ok(vector) if args.json => object(vector).to_string(),
            Ok(vector) => words(vector),
            Err(why) if args.json => json!({"error": why.to_string()}).to_string(),
            Err(why) => format!("not a vector: {}", say::harmless(&why.to_string())),
        };
        writeln!(out, "{line}").is_ok()
    };
    // A closed pipe ends the work and is no mistake.
    let open = if args.vectors.is_empty() {
        lines(&mut one)?
    } else {
        args.vectors.iter().all(|text| one(text))
    };
    if !open || out.flush().is_err() || wrong == 0 || args.json {
        return Ok(());
    }
    Err(Stop::input(match wrong {
        1 => "One line is not a CVSS vector.".to_owned(),
        n => format!("{n} lines are not CVSS vectors."),
    }))
}

/// Gives each line of standard input that holds something, until one is not wanted; then
/// false.
fn lines(one: &mut impl FnMut(&str) -> bool) -> Result<bool, Stop> {
    let mut input = std::io::stdin().lock();
    let broke =
        |why: std::io::Error| Stop::environment(format!("Standard input cannot be read: {why}."));
    let mut line = Vec::new();
    loop {
        line.clear();
        let got = std::io::Read::take(&mut input, LONGEST)
            .read_until(b'\n', &mut line)
            .map_err(broke)?;
        if got == 0 {
            return Ok(true);
        }
        if !line.ends_with(b"\n") {
            // The rest of a line that is far too long belongs to it.
            input.skip_until(b'\n').map_err(broke)?;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if !text.is_empty() && !one(text) {
            return Ok(false);
        }
    }
}

/// The scores as JSON: `score` for 4.0; `base`, `temporal` and `environmental` for the
/// others, the last two null where 2.0 has no metric of that kind.
fn object(vector: &Vector) -> Value {
    let mut out = Map::new();
    out.insert("version".to_owned(), json!(vector.version().as_str()));
    if vector.version() == Version::V4_0 {
        out.insert("score".to_owned(), json!(vector.score().number()));
        out.insert("nomenclature".to_owned(), json!(vector.nomenclature()));
    } else {
        let [temporal, environmental] = vector.further_scores();
        out.insert("base".to_owned(), json!(vector.score().number()));
        out.insert("temporal".to_owned(), json!(temporal.map(Score::number)));
        out.insert(
            "environmental".to_owned(),
            json!(environmental.map(Score::number)),
        );
    }
    out.insert("severity".to_owned(), json!(vector.band().to_string()));
    out.insert("vector".to_owned(), json!(vector.as_str()));
    Value::Object(out)
}

/// `9.8 Critical  CVSS:3.1/…`.
fn words(vector: &Vector) -> String {
    let mut more = String::new();
    if vector.version() != Version::V4_0 {
        for (name, score) in [
            ("temporal", vector.temporal_score()),
            ("environmental", vector.environmental_score()),
        ] {
            if let Some(score) = score {
                more.extend([", ", name, " ", &score.to_string()]);
            }
        }
    }
    format!(
        "{:>4} {:<8}  {}{more}",
        vector.score().to_string(),
        vector.band().to_string(),
        vector.as_str()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Value {
        object(&Vector::parse(text).unwrap())
    }

    #[test]
    fn each_version_has_its_own_scores() {
        // Worked examples of the CVSS 3.1 and 4.0 documents; 2.0 by its equations.
        let v3 = of("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
        assert_eq!(v3["base"], 9.8);
        assert_eq!(
            v3["temporal"], 9.8,
            "without its metrics it is the base score"
        );
        assert_eq!(v3["environmental"], 9.8);
        assert_eq!(v3["severity"], "Critical");
        let v2 = of("AV:N/AC:L/Au:N/C:P/I:P/A:P");
        assert_eq!((&v2["base"], &v2["temporal"]), (&json!(7.5), &Value::Null));
        let v4 = of("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H");
        assert_eq!((&v4["score"], v4.get("base")), (&json!(10.0), None));
    }
}
