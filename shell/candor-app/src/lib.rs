//! Use cases as lists of named steps.
//!
//! Invariants: this crate knows neither SQL, HTTP nor SMTP; every right is a
//! permit from `candor-access`; what stands in one commit becomes durable
//! together; nothing a person typed reaches a log, a URL or an event.
//!
//! Deliberately absent: HTML, waiting (callers choose their threads), and any
//! clock or randomness but the ports'.

mod app;
mod budget;
mod calendar;
mod deliver;
mod desk;
mod documents;
mod doubt;
mod engine;
mod erasing;
mod exporting;
mod fault;
mod fields;
mod gather;
mod github;
mod github_out;
pub mod input;
mod intake;
mod kept;
mod known;
mod linked;
mod listing;
mod mail_in;
mod once;
mod operator;
mod party;
mod pgp;
mod programs;
mod public_log;
mod random;
mod reads;
mod recount;
mod regulators;
mod releases;
mod report;
mod reviews;
mod room;
mod rows;
mod said;
mod seal;
mod search;
mod settings;
mod skill;
mod staff;
mod statistics;
mod subscriptions;
mod their_key;
mod tick;
mod times;
mod troubles;
mod updates;
mod versions;
mod watch;

pub use app::{ApiSessions, App, AppConfig, Parts};
pub use doubt::{Doubt, accept_without_server, doubt_without_server};
pub use exporting::{Pack, TakesFile};
pub use github::{GithubState, github_state};
pub use known::ReadyForm;
pub use listing::Turn;
pub use mail_in::{ArrivedMail, MailAnswer, MailConfig};
pub use once::{Once, OnceTurn};
pub use programs::{PolicySource, TakenUp};
pub use public_log::{Adopted, LogSettings, LogStatus, PublicLog};
pub use releases::ReleaseChange;
pub use staff::known::KNOWN_FOR;
pub use staff::operator::{OperatorAccount, OperatorError};
pub use staff::signed::SignedTokens;
pub use statistics::FigureFile;
pub use subscriptions::Subscription;
pub use troubles::{Restored, restored, space_trouble};
pub use updates::Running;
pub use versions::PolicyInput;
