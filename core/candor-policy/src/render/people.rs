//! Wordings for people and process: credit, safe harbour, duties, contacts, steps,
//! outlets, advice, ranking and scoring.
//!
//! Invariants: where only a kind is known, the wording says that kind and no more.
//!
//! Deliberately absent: times; see `times`.

use super::place::{Form, Section};
use super::words::{amount, capital};
use super::writer::Candidate;
use crate::model::{
    AdviceKind, Bounty, Contact, Credit, Cve, CveAssigner, CveCommitment, DisclaimerKind, DutyKind,
    FixKind, Impact, ImpactRank, Outlet, Policy, Review, Scoring, Step, StepDemand, StepStage,
    TermUnit,
};

const WE_ASK: Form = Form::item("We ask that you:");
const PLAIN: Form = Form::item("");
const STEPS: Form = Form::Numbered(std::borrow::Cow::Borrowed(
    "A report is handled as follows:",
));

/// The sentences on credit: the first carries what it goes by, the others stand as they are.
pub(super) fn credit(credit: &Credit, quote: &str) -> Vec<Vec<Candidate>> {
    let put = |text: &str| Candidate::new(Section::Credit, Form::Sentence, text);
    let more = credit.more.iter().map(|c| {
        let own = if c.quote.is_empty() {
            &c.value
        } else {
            &c.quote
        };
        put(&capital(own))
    });
    let mut own: Vec<Candidate> = Vec::new();
    if !quote.is_empty() {
        own.push(put(quote));
        for line in more {
            // An item of several sentences is one line.
            if own.iter().all(|l| l.text != line.text) {
                own.push(line);
            }
        }
    }
    let plain = vec![put(&credit_sentence(credit))];
    [own, plain].into_iter().filter(|l| !l.is_empty()).collect()
}

fn credit_sentence(credit: &Credit) -> String {
    let consent = if credit.with_consent {
        "With your permission, we credit you"
    } else {
        "We credit you"
    };
    let what = if credit.valid_only {
        " for valid reports in accordance with this policy"
    } else {
        " in the advisory"
    };
    let unless = if credit.unless_anonymous {
        ", unless you prefer to remain anonymous"
    } else {
        ""
    };
    format!("{consent}{what}{unless}.")
}

/// The lines of safe harbour, in two ways: a list under the sentence that leads into
/// it, and each for itself.
pub(super) fn harbour(policy: &Policy) -> Vec<Vec<Candidate>> {
    let section = Section::Harbour;
    let mut list: Option<Form> = None;
    let mut lines = Vec::new();
    for clause in &policy.safe_harbour {
        let quote = clause.quote.as_str();
        let value = &clause.value;
        if let Some(lead) = lead_of(policy, clause.span) {
            let form = Form::Item(lead.to_owned().into());
            lines.push(Candidate::new(section, form, quote));
            continue;
        }
        if !value.in_promise {
            let own = if quote.is_empty() {
                harbour_sentence(value.no_legal_action)
            } else {
                quote
            };
            lines.push(Candidate::new(section, Form::Sentence, own));
            continue;
        }
        match &list {
            None => {
                let lead = if quote.ends_with(':') {
                    quote.to_owned()
                } else {
                    "If you act in good faith, we will:".to_owned()
                };
                list = Some(Form::Item(lead.into()));
            }
            Some(form) => {
                let own = match (quote, value.no_legal_action) {
                    ("", true) => "not take legal action against you",
                    ("", false) => "treat what you send us with care",
                    (own, _) => own,
                };
                lines.push(Candidate::new(section, form.clone(), own));
            }
        }
    }
    let alone = policy
        .safe_harbour
        .iter()
        .map(|c| {
            let own = if c.quote.is_empty() {
                harbour_sentence(c.value.no_legal_action).to_owned()
            } else {
                policy.in_full(c.span, &c.quote)
            };
            Candidate::new(
                section,
                Form::Sentence,
                format!("{}.", own.trim_end_matches('.')),
            )
        })
        .collect();
    vec![lines, alone]
}

/// The words that lead into a clause, without which it is a fragment.
fn lead_of(policy: &Policy, span: candor_base::Span) -> Option<&str> {
    let mut leads = policy.lead_ins.iter();
    let lead = leads.find(|l| l.value.items.contains(&span))?;
    Some(&lead.quote)
}

const fn harbour_sentence(no_legal_action: bool) -> &'static str {
    if no_legal_action {
        "We will not take legal action against people who follow this policy."
    } else {
        "We support research in good faith."
    }
}

/// What is asked of reporters.
pub(super) fn duty(kind: DutyKind) -> Vec<Candidate> {
    let text = match kind {
        DutyKind::ReasonableTime => "give us a reasonable time to mend the problem",
        DutyKind::NoDataAccess => "leave the data of others alone",
        DutyKind::NoExploitation => "do not exploit a problem further than to show it",
        DutyKind::Confidential => "keep what you find confidential",
        DutyKind::NoDegradation => "do not degrade our services",
        DutyKind::OwnAccounts => "use your own accounts only",
        DutyKind::NoHarm => "avoid harm to people and systems",
        DutyKind::NoDemands => "make no demands for payment",
        DutyKind::NoSocialEngineering => "use no social engineering",
        DutyKind::PromptReport => "report what you find promptly",
        DutyKind::Other => "follow the law",
    };
    vec![Candidate::new(Section::Duties, WE_ASK, text)]
}

/// The owner's own words on what is asked.
pub(super) fn own_duty(quote: &str) -> Candidate {
    Candidate::new(Section::Duties, WE_ASK, quote)
}

/// A contact.
pub(super) fn contact(contact: &Contact) -> Vec<Candidate> {
    let head = if contact.security {
        "Security contact"
    } else {
        "General contact"
    };
    let text = format!("{head}: {}", contact.value);
    vec![Candidate::new(Section::Contact, PLAIN, text)]
}

/// How often the policy is looked over.
pub(super) fn review(review: &Review) -> Vec<Candidate> {
    let text = match review.every_months {
        12 => "This policy is reviewed annually.".to_owned(),
        months => format!(
            "We review this policy every {}.",
            amount(months, TermUnit::Months)
        ),
    };
    vec![Candidate::new(Section::About, Form::Sentence, text)]
}

/// CVE ids.
pub(super) fn cve(cve: Cve) -> Vec<Candidate> {
    let by = match cve.assigner {
        None => "",
        Some(CveAssigner::Github) => " through GitHub",
        Some(CveAssigner::Mitre) => " from MITRE",
        Some(CveAssigner::Own) => " as a CVE Numbering Authority",
        Some(CveAssigner::OpenJs) => " from the OpenJS Foundation",
        Some(CveAssigner::RedHat) => " from Red Hat",
        Some(CveAssigner::Other) => " from a CVE Numbering Authority",
    };
    let text = match cve.commitment {
        Some(CveCommitment::Will) => format!("We will request a CVE id{by}."),
        Some(CveCommitment::May) => format!("We may request a CVE id{by}."),
        Some(CveCommitment::WillNot) => format!("We will not request a CVE id{by}."),
        None => format!("The advisory names the CVE id{by}."),
    };
    [Section::Outlets, Section::Process, Section::About]
        .map(|section| Candidate::new(section, Form::Sentence, text.clone()))
        .to_vec()
}

/// Money for reports.
pub(super) fn bounty(bounty: Bounty) -> Vec<Candidate> {
    let text = if bounty.offered {
        "We offer a bounty for reports."
    } else {
        "We do not offer a bug bounty."
    };
    [Section::About, Section::Reporting]
        .map(|section| Candidate::new(section, Form::Sentence, text))
        .to_vec()
}

/// A disclaimer.
pub(super) fn disclaimer(kind: DisclaimerKind) -> Vec<Candidate> {
    let text = match kind {
        DisclaimerKind::BestEffort => "Response times may vary.",
        DisclaimerKind::AsIs => "The software is provided as is, without warranty.",
        DisclaimerKind::UserResponsibility => "Users are responsible for their own installations.",
        DisclaimerKind::NotSecureByDefault => "The software is not secure by default.",
    };
    vec![Candidate::new(Section::Disclaimer, Form::Sentence, text)]
}

/// Advice to those who run the product; settings stand as they were written.
pub(super) fn advice(kind: AdviceKind, quote: &str) -> Vec<Candidate> {
    let text = match kind {
        AdviceKind::Configuration => {
            let form = Form::Code;
            return vec![Candidate::new(Section::Advice, form, quote)];
        }
        AdviceKind::Deployment => "Use TLS for every connection.",
        AdviceKind::Monitoring => "Monitor your installation.",
        AdviceKind::Updating => "Keep your installation up to date.",
        AdviceKind::Hardening => "Harden the systems that it runs on.",
    };
    vec![Candidate::new(Section::Advice, PLAIN, text)]
}

/// A step of the process.
pub(super) fn step(step: &Step) -> Vec<Candidate> {
    let text = match step.stage {
        StepStage::Receipt => "Your report is received",
        StepStage::Acknowledgement => "We acknowledge it",
        StepStage::Triage => "We triage it",
        StepStage::Rejection => "If it is declined, you are told why",
        StepStage::Conversation => "We open a conversation with you",
        StepStage::CommunicationPlan => "We make a communication plan",
        StepStage::AdvisoryDraft => "We prepare an advisory",
        StepStage::Fix => "We work on fixing the problem",
        StepStage::Testing => "We test the change",
        StepStage::DateNotice => "You are told the disclosure date",
        StepStage::Release => "We make a new release",
        StepStage::Disclosure => "We publish the details",
        StepStage::ReporterFree => "The reporter may publish, too",
    };
    let demands: Vec<&str> = step.demands.iter().map(|d| demanded(*d)).collect();
    let mut texts = Vec::new();
    if !demands.is_empty() {
        texts.push(format!("{text}, {}", demands.join(", ")));
    }
    texts.push(text.to_owned());
    texts
        .into_iter()
        .map(|text| Candidate::new(Section::Process, STEPS, text))
        .collect()
}

/// A step in the owner's own words.
pub(super) fn own_step(quote: &str) -> Candidate {
    Candidate::new(Section::Process, STEPS, quote)
}

const fn demanded(demand: StepDemand) -> &'static str {
    match demand {
        StepDemand::Reproduction => "with a record of how we reproduced it",
        StepDemand::SeverityRating => "with a severity rating",
        StepDemand::EffectsAndCriticality => "with its effects and criticality",
        StepDemand::DetailedReason => "with a detailed reason",
        StepDemand::PrivateBranch => "on a private branch",
        StepDemand::Review => "reviewed by a second person",
        StepDemand::TestRecord => "tested",
        StepDemand::Mitigation => "with mitigating steps",
        StepDemand::Credit => "with credit unless they prefer to remain anonymous",
        StepDemand::Together => "release it and publish together",
        StepDemand::Backport => "with a backport",
        StepDemand::PrivateDraft => "draft it in private",
    }
}

/// All the ways to mend a problem, in one line.
pub(super) fn fix_kinds(policy: &Policy) -> Vec<Candidate> {
    let kinds: Vec<&str> = policy
        .fix_kinds
        .iter()
        .map(|c| match c.value {
            FixKind::Patch => "patch",
            FixKind::DependencyUpdate => "dependency update",
            FixKind::Mitigation => "mitigation",
        })
        .collect();
    let text = format!("Fix strategies: {}.", kinds.join(", "));
    [Section::Process, Section::About]
        .map(|section| Candidate::new(section, Form::Sentence, text.clone()))
        .to_vec()
}

/// Where advisories are announced.
pub(super) fn outlet(outlet: &Outlet) -> Vec<Candidate> {
    vec![
        Candidate::new(Section::Outlets, PLAIN, &outlet.name),
        Candidate::new(
            Section::Outlets,
            Form::Sentence,
            format!("We announce fixes via {}.", outlet.name),
        ),
    ]
}

/// What worries the project most.
pub(super) fn impact_rank(rank: &ImpactRank) -> Vec<Candidate> {
    let impact = match rank.impact {
        Impact::Confidentiality => "confidentiality",
        Impact::Privilege => "privilege escalation",
        Impact::Integrity => "integrity",
        Impact::Availability => "availability",
    };
    let text = match rank.rank {
        1 => format!("Problems of {impact} have our highest priority."),
        _ => format!("Problems of {impact} are also a serious concern."),
    };
    vec![Candidate::new(Section::Assessment, Form::Sentence, text)]
}

/// The calculator, and who decides: the lines that together say it.
pub(super) fn scoring(scoring: &Scoring, quote: &str) -> Vec<Vec<Candidate>> {
    let put = |text: String| Candidate::new(Section::Assessment, Form::Sentence, text);
    let mut lines = Vec::new();
    let others = [&scoring.final_call, &scoring.also_report_to];
    if let Some(version) = &scoring.cvss {
        lines.push(put(format!("We rate severity with CVSS v{version}.")));
    } else if scoring.refused {
        lines.push(put("We do not use CVSS.".to_owned()));
    } else if scoring.names_cvss {
        lines.push(put("We rate severity with CVSS.".to_owned()));
    }
    for other in others.into_iter().flatten() {
        lines.push(put(capital(other)));
    }
    let own = vec![put(quote.to_owned())];
    if quote.is_empty() {
        vec![lines]
    } else {
        vec![own, lines]
    }
}
