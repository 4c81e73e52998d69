//! The rules: every code there is, how much it matters, why, and its page.
//!
//! Invariants: codes are stable and never reused for something else; every
//! code has a page in `docs/lint`, and the build fails without it.
//!
//! Deliberately absent: how a rule is judged; that stands beside its group.

use candor_base::Level;

/// One thing that lint may say about a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LintRule {
    /// Stable code, lower case with dashes.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// A few words that name it.
    pub title: &'static str,
    /// Why it matters, in one sentence.
    pub why: &'static str,
    /// Its page: Markdown.
    pub page: &'static str,
}

impl LintRule {
    /// Where its page stands, from the root of the repository.
    pub fn path(&self) -> String {
        format!("docs/lint/{}.md", self.code)
    }
}

/// The rule with this code.
pub fn lint_rule(code: &str) -> Option<&'static LintRule> {
    LINT_RULES.iter().copied().find(|r| r.code == code)
}

macro_rules! rules {
    ($($name:ident $level:ident $code:literal $title:literal $why:literal)*) => {
        $(
            pub(crate) const $name: &LintRule = &LintRule {
                code: $code,
                level: Level::$level,
                title: $title,
                why: $why,
                page: include_str!(concat!("../../../../docs/lint/", $code, ".md")),
            };
        )*
        /// Every rule, in groups: channels, text, promises, parts, security.txt, dates.
        pub const LINT_RULES: &[&LintRule] = &[$($name),*];
    };
}

rules! {
    NO_CHANNEL Error "no-channel"
        "no way to report"
        "Whoever finds a problem has nowhere to send it, so it goes to the public or to nobody."
    EXAMPLE_ADDRESS Error "example-address"
        "example address as a channel"
        "Domains such as example.com are reserved: nobody ever receives what is sent there."
    CHANNEL_WITHOUT_ADDRESS Warning "channel-without-address"
        "e-mail without an address"
        "Reporters guess, and a guessed mailbox may belong to somebody else."
    FORGE_WITHOUT_REPOSITORY Warning "forge-without-repository"
        "private reporting without a link"
        "Private reporting must be switched on for each repository; without a link nobody knows where."
    PRIVATE_CONTACT_WITHOUT_ADDRESS Warning "private-contact-without-address"
        "private contact without a name"
        "A contact that only insiders know keeps outsiders out."
    MAINTAINERS_WITHOUT_ADDRESS Warning "maintainers-without-address"
        "maintainers without addresses"
        "Reporters would have to collect addresses from commits, and people move on."
    PUBLIC_CHANNEL Error "public-channel"
        "reports asked for in public"
        "Attackers read public trackers too, and have the problem before the fix is there."
    LINK_DIFFERS Error "link-differs"
        "link that leads elsewhere"
        "Whoever clicks writes to another address than whoever types, and one of them is wrong."
    OBFUSCATED_ADDRESS Note "obfuscated-address"
        "address in disguise"
        "It stops readers, screen readers and machines, but hardly any sender of spam."
    ADDRESS_IN_IMAGE Warning "address-in-image"
        "address only in a picture"
        "Screen readers, text browsers and machines cannot read it."
    KEY_ONLY_ON_REQUEST Warning "key-only-on-request"
        "key only on request"
        "A key that comes by unencrypted mail can be swapped on its way."
    KEY_MISSING Warning "key-missing"
        "encryption without a key"
        "Reporters who want to encrypt cannot, and must write in clear or not at all."
    NO_SECURE_OPTION Note "no-secure-option"
        "no protected way to report"
        "Mail in clear passes servers whose owners can read it."
    DEAD_DELEGATION Warning "dead-delegation"
        "rules that stand nowhere"
        "The text sends readers elsewhere and gives no place they could reach."
    BROKEN_ANCHOR Note "broken-anchor"
        "link to a missing section"
        "Readers who follow it find nothing."

    PLACEHOLDER Warning "placeholder"
        "unfilled placeholder"
        "A blank that was never filled in tells reporters that nobody looks after the policy."
    SAMPLE_VERSIONS Warning "sample-versions"
        "version table of the template"
        "Reporters are told that versions are supported that never existed."
    LEGAL_THREAT Warning "legal-threat"
        "threat of legal action"
        "Threats make people in good faith stay silent; they do not stop anybody else."

    NO_NUMBER Warning "no-number"
        "no promise with a number"
        "Without a number nobody can say whether the promise was kept."
    PROMISE_WITHOUT_NUMBER Note "promise-without-number"
        "promise without a number"
        "Words such as \u{201c}promptly\u{201d} mean hours to one reader and months to another."
    PROMISE_WITHOUT_DATE Note "promise-without-date"
        "promise tied to an event without a date"
        "The next release can always be put off, and the promise with it."
    RESPONSE_AMBIGUOUS Warning "response-ambiguous"
        "response that may mean work or fix"
        "Readers take it for the fix, the team for the start of work."
    TWO_DEADLINES Warning "two-deadlines"
        "two times for one step"
        "Whatever you do, one of the two may be broken."
    EMBARGO_SHORTER_THAN_FIX Warning "embargo-shorter-than-fix"
        "publication before the promised fix"
        "Reporters may publish while the fix is, by your own words, not yet due."
    DISCLOSURE_BEFORE_FIX Warning "disclosure-before-fix"
        "details before the promised fix"
        "Users would read of the problem before they can mend it."
    ANSWER_AFTER_ASSESSMENT Warning "answer-after-assessment"
        "first answer after the assessment"
        "An assessment is an answer, so the later promise can never matter."
    UPDATES_RARER_THAN_FIX Note "updates-rarer-than-fix"
        "updates rarer than the whole case"
        "The case ends before the first promised update."
    SEVERITY_UPSIDE_DOWN Warning "severity-upside-down"
        "worse problems wait longer"
        "The more dangerous problem gets the longer time; mostly this is a slip of the pen."
    CLOCK_RUNS_AT_NIGHT Note "clock-runs-at-night"
        "hours that include nights and weekends"
        "A promise in hours runs through Saturday night; a report on Friday evening is late on Sunday."
    NO_ACKNOWLEDGEMENT Note "no-acknowledgement"
        "no time for the first answer"
        "The first answer is what reporters wait for, and what most public disclosures are about."
    NO_UPDATES Note "no-updates"
        "no promise of updates"
        "Silence after the first answer is the commonest reason to publish early."
    VERSIONS_ELSEWHERE Note "versions-elsewhere"
        "supported versions stand elsewhere"
        "Nothing can be said about a report's version until the list is given."

    NO_SAFE_HARBOUR Note "no-safe-harbour"
        "no safe harbour"
        "People who fear a lawyer's letter do not report."
    NO_SCOPE Note "no-scope"
        "no scope"
        "Reporters spend days on what you will not mend, and you answer the same question again and again."
    NO_CREDIT Note "no-credit"
        "no word on credit"
        "Credit is the only reward most reporters get; they should know beforehand."
    NO_DISCLOSURE_RULE Note "no-disclosure-rule"
        "no rule of disclosure"
        "Without one, each side decides alone when details become public."
    NO_CONTENTS Note "no-contents"
        "no list of what a report should hold"
        "Every question back costs a day or more."
    NO_VERSIONS Note "no-versions"
        "no word on supported versions"
        "Users cannot know whether their version gets fixes."
    NO_OUTLET Note "no-outlet"
        "no place for advisories"
        "Users who must update do not know where to look."
    NO_TEST_RULES Note "no-test-rules"
        "no rules for testing"
        "Reporters do not know what they may try, and your systems may bear it."
    NO_AUTHORISATION Note "no-authorisation"
        "testing is not authorised"
        "Without permission even careful testing can break the law in many countries."
    BOUND_WITHOUT_END Note "bound-without-end"
        "secrecy without an end"
        "Reporters are bound until you act, and nothing says when you act; many decline such terms."
    UNSAFE_DEFAULTS_REFUSED Warning "unsafe-defaults-refused"
        "unsafe defaults refused"
        "CVE rules count them as vulnerabilities, so somebody else may assign an id without you."

    SECURITY_TXT_EXPIRED Error "security-txt-expired"
        "expired security.txt"
        "Readers are told to distrust a security.txt behind its day."
    SECURITY_TXT_NO_EXPIRES Error "security-txt-no-expires"
        "security.txt without Expires"
        "The field is required; readers cannot know whether the file is still true."
    SECURITY_TXT_NO_CONTACT Error "security-txt-no-contact"
        "security.txt without Contact"
        "The field is required; it is what the file is for."
    SECURITY_TXT_BAD_CONTACT Error "security-txt-bad-contact"
        "Contact that is no address of the web"
        "Tools expect a URI such as mailto: or https: and skip everything else."
    SECURITY_TXT_BAD_DATE Error "security-txt-bad-date"
        "Expires that is no date"
        "Tools cannot read it and treat the file as expired."
    SECURITY_TXT_MALFORMED Error "security-txt-malformed"
        "security.txt with a broken line"
        "Tools that follow the standard skip the line, or the whole file."
    SECURITY_TXT_BAD_LANGUAGE Error "security-txt-bad-language"
        "Preferred-Languages that holds no tags"
        "Tools cannot tell which languages you read."
    SECURITY_TXT_TWICE Error "security-txt-twice"
        "field that stands twice"
        "Expires and Preferred-Languages may stand only once; tools differ in which one they take."
    SECURITY_TXT_NEAR Warning "security-txt-near"
        "security.txt that expires soon"
        "After that day tools and people no longer trust what it says."
    SECURITY_TXT_FAR Note "security-txt-far"
        "security.txt that hardly expires"
        "A file that is true for years is looked at by nobody for years."
    SECURITY_TXT_INSECURE Warning "security-txt-insecure"
        "security.txt with an http link"
        "What is fetched without TLS can be changed on its way."

    SUPPORT_ENDED Warning "support-ended"
        "support that has ended"
        "The table says supported, and its own date has passed."
    TEXT_CUT Error "text-cut"
        "text too long to be read to its end"
        "Promises behind the cut are not run."
    ENCODING Warning "encoding-latin-1"
        "text that is not UTF-8"
        "Other readers may show wrong letters."
    HIDDEN Warning "hidden-characters"
        "characters that cannot be seen"
        "They can make a screen show other words than those that stand there."
    LINES_OUTSIDE Warning "lines-outside"
        "lines that the text does not have"
        "Who looks a promise up in the text does not find it."
    REVIEW_DUE Warning "review-due"
        "review of the policy due"
        "The policy promises to be reviewed."
    REVIEW_OVERDUE Warning "review-overdue"
        "review of the policy overdue"
        "The policy promises to be reviewed, and that day has passed."
    REVIEW_NOT_RECORDED Note "review-not-recorded"
        "review of the policy not recorded"
        "The policy promises to be reviewed, and nobody has said when it last was."
    HOLIDAYS_END Warning "holidays-end"
        "end of the known public holidays"
        "Beyond them a public holiday counts as a business day."
}
