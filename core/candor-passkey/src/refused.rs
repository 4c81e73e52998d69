//! Why something is not taken.

/// Why a passkey is not taken. For the operator; what a person reads is the caller's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Said for making a key where one is used, or the other way round.
    #[error("the browser did something else than it was asked for")]
    Kind,
    /// The answer to another question.
    #[error("the answer is to another question")]
    Question,
    /// Said on another site, or inside a page of another site.
    #[error("the browser showed another site")]
    Site,
    /// The person was not verified on the device, or was not there.
    #[error("the device did not verify the person")]
    Person,
    /// The key is none of those asked for, or contradicts itself.
    #[error("the key is not one that was asked for")]
    Key,
    /// Its signature does not fit.
    #[error("the signature does not fit")]
    Signature,
    /// The device counts backwards: there are two of them (section 6.1.1).
    #[error("the counter of the device went back; the key may have been copied")]
    Copied,
}
