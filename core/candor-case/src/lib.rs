//! The case: the room in which a report, its parties, its clocks and its
//! publication are handled.
//!
//! Three functions carry everything: [`decide`] may refuse, [`evolve`] cannot
//! fail, [`react`] returns effects as data and performs nothing.
//!
//! Invariants: a case is the fold of its events; events hold ids, digests and
//! words of the policy, never report text or personal data; publication is
//! impossible before its guards hold (`domain.md` 2.2, K9).
//!
//! Deliberately absent: clocks of the machine, randomness, storage, mail, rights.

mod accord;
mod alarm;
mod aside;
mod clock;
mod command;
mod credit;
mod cve;
mod decide;
mod dimensions;
mod draft;
mod due;
mod effect;
mod erasure;
mod event;
mod evolve;
mod fulfil;
mod gate;
mod hints;
pub mod model;
mod moves;
mod parts;
mod party;
mod plain;
mod planned;
mod promise;
mod react;
mod regulator;
mod stage;
mod state;
mod waiting;
mod wakeup;

pub use accord::Side;
pub use alarm::{Alarm, AlarmStep};
pub use aside::{
    Around, Aside, AsideEvent, Consent, ContextKind, ContextRecord, DateAlone, Deferral, HandOver,
    HandOverStep, HandOverWaits, KeyChoice, Leak, LinkedReport, Matter, OriginalNews, PartyRole,
    Question, Wish,
};
pub use clock::{CaseClock, ClockStatus};
pub use command::{
    Acceptance, AdvisoryDraftRef, Command, DateAnswer, FixChange, ReportFacts, SupportClaim,
};
pub use credit::{CreditKind, CreditQuestion, OtherCredit};
pub use cve::{
    CveAct, CveEntry, CveEvent, CveLedger, CveRequest, CveStage, RECORD_MUST_HOURS,
    RECORD_SHOULD_HOURS,
};
pub use decide::{OLDEST_FIRST_RECEIPT_DAYS, decide};
pub use draft::{Context, Team, record};
pub use effect::{Attention, Effect, MailKind, Recipient};
pub use erasure::{ERASURE_WAIT_HOURS, ErasureAsked, erasable, may_erase};
pub use event::{Event, Recorded};
pub use evolve::{evolve, replay};
pub use gate::{COMMANDS, allowed};
pub use hints::Hint;
pub use moves::{Move, moves};
pub use parts::{
    Actor, Assessment, AttackFact, Certainty, CloseReason, CreditWish, ErasureReason, FileRef,
    FixStatus, IntakeChannel, Lane, MessageKind, MessageRef, OutletAnswer, PublicPlace,
    RejectionGround, Reproduction, ScopeVerdict, SupportedTest, TextRef, Verdict, WaitingOn,
};
pub use party::{Invitation, Party, PartyKind, PartySees, PartyStatus};
pub use plain::{PlainPromise, PlainStatus, plain_promises};
pub use planned::publication_notes;
pub use promise::{ActRef, Moved, PromiseEntry, PromiseState, promise_ledger};
pub use react::react;
pub use regulator::{
    Awareness, Filed, Informed, Measure, NotReportable, RegimeRecord, RegulatorAct, RegulatorEvent,
    Regulators, Signal, StageClock,
};
pub use state::{
    AdvisoryState, CaseMessage, CaseState, Embargo, EmbargoState, FixRow, Objection, Proposal,
    Rejection, ReportState, Stage, StoodBefore,
};
pub use waiting::{Awaited, Outsider};
pub use wakeup::next_wakeup;
