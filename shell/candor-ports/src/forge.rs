//! The place where a program's source code lies, as far as advisories stand there too.

use candor_base::{ProgramSlug, Sensitive};

/// Why the forge did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForgeError {
    /// Try again later.
    #[error("{code}")]
    Transient {
        /// What happened, for the operator; no text of an advisory.
        code: String,
    },
    /// It asks for patience.
    #[error("it asks to wait for {seconds} seconds")]
    Wait {
        /// For how long.
        seconds: u32,
    },
    /// Somebody has to change something first.
    #[error("{code}")]
    Refused {
        /// What and why, for the operator; no text of an advisory.
        code: String,
    },
}

/// The advisories of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgeListing {
    /// Each as JSON, as it was given.
    pub advisories: Vec<Sensitive<String>>,
    /// What to show next time, so that an unchanged list is not sent again.
    pub mark: Option<String>,
}

/// An advisory that is to stand there for everybody.
#[derive(Debug, Clone, Copy)]
pub struct ForgePublication<'a> {
    /// What it says, as JSON in the form of the forge.
    pub advisory: &'a str,
    /// The address of its own page, which stands in its text: by it an advisory is found that
    /// was made before a crash.
    pub page: &'a str,
    /// The advisory there that it is known to be.
    pub known: Option<&'a str>,
    /// The thanks that stand there stay as they are; else nobody's account is thanked there.
    pub keep_credits: bool,
}

/// An advisory that stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgePublished {
    /// Its id.
    pub id: String,
    /// Its page.
    pub page: String,
}

/// A forge that is asked about advisories. Every call ends within a bounded time.
pub trait Forge: Send + Sync + std::fmt::Debug {
    /// The programs that have a repository there.
    fn programs(&self) -> Vec<ProgramSlug>;

    /// The page on which anybody can report privately, were that switched on; `None` for a
    /// program without a repository.
    fn report_page(&self, program: &ProgramSlug) -> Option<String>;

    /// Whether anybody can report privately there; `None` where the forge does not say.
    ///
    /// # Errors
    /// Why there is no answer.
    fn takes_reports(&self, program: &ProgramSlug) -> Result<Option<bool>, ForgeError>;

    /// All advisories that may be read, the one changed last first; `None` when nothing changed
    /// since the listing with this mark.
    ///
    /// # Errors
    /// Why there is no list.
    fn advisories(
        &self,
        program: &ProgramSlug,
        mark: Option<&str>,
    ) -> Result<Option<ForgeListing>, ForgeError>;

    /// Publishes an advisory, or brings the one that stands there up to date. Safe to repeat:
    /// one that is known, or has the address of its page in its text, is changed and none is
    /// made. `made` hears the id as soon as one was made.
    ///
    /// # Errors
    /// Why it does not stand there, or not as it should.
    fn publish(
        &self,
        program: &ProgramSlug,
        what: &ForgePublication<'_>,
        made: &mut dyn FnMut(&str),
    ) -> Result<ForgePublished, ForgeError>;
}
