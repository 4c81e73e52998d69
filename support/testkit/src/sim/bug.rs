//! Mistakes built in on purpose, to show that the laws find them. They exist here
//! only: no switch of the product knows them.

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// Every clock falls due an hour early.
    DueHourEarly,
    /// Saturday and Sunday count as days of work.
    WeekendCounted,
    /// Nobody is warned.
    WarningForgotten,
    /// Every warning is recorded twice.
    WarnsTwice,
    /// Misses are not recorded.
    LosesMisses,
    /// After a start the last miss is recorded again.
    FiredTwice,
    /// Nobody is called about a miss.
    AlarmForgotten,
    /// What was to be done outside is lost in a crash.
    EffectLost,
    /// The title of a draft stands in the feed as soon as it is saved.
    TitleInFeed,
    /// Time opens a closed case again.
    ClosedReopened,
    /// Now and then an event is not bound to those before it.
    ChainSkipped,
    /// A clock goes on while the case waits for the reporter.
    PauseIgnored,
    /// A fact does not end the embargo.
    KeepsEmbargo,
    /// A start forgets the last event.
    ForgetsAtStart,
}

impl Bug {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::DueHourEarly,
        Self::WeekendCounted,
        Self::WarningForgotten,
        Self::WarnsTwice,
        Self::LosesMisses,
        Self::FiredTwice,
        Self::AlarmForgotten,
        Self::EffectLost,
        Self::TitleInFeed,
        Self::ClosedReopened,
        Self::ChainSkipped,
        Self::PauseIgnored,
        Self::KeepsEmbargo,
        Self::ForgetsAtStart,
    ];

    /// Those that can be built into the ports of the real application.
    pub const OF_PORTS: [Self; 3] = [Self::DueHourEarly, Self::EffectLost, Self::TitleInFeed];
}
