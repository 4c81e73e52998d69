//! Why the program stops, and with which exit code.

use candor_app::input::Fault;

/// Exit codes other than 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Refused, or a check failed.
    Refused,
    /// The input is wrong.
    Input,
    /// The environment is wrong.
    Environment,
}

impl Code {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Refused => 1,
            Self::Input => 2,
            Self::Environment => 3,
        }
    }
}

/// An end that is not success: what happened and what to do.
#[derive(Debug)]
pub(crate) struct Stop {
    /// The exit code.
    pub code: Code,
    /// For the person at the terminal; empty when everything is said already.
    pub message: String,
}

/// What a command ends with.
pub(crate) type Done = Result<(), Stop>;

impl Stop {
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self {
            code: Code::Refused,
            message: message.into(),
        }
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self {
            code: Code::Input,
            message: message.into(),
        }
    }

    pub(crate) fn environment(message: impl Into<String>) -> Self {
        Self {
            code: Code::Environment,
            message: message.into(),
        }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        // At the terminal, person and operator are the same.
        Self::environment(format!("{} ({})", fault.person, fault.operator))
    }
}
