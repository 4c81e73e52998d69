//! Forms for what surrounds the straight road: contexts, other parties, a leak, putting
//! a case aside.

use candor_access::view::{CasePageView, PartyView};

use super::super::fields::{date_and_time, message, yes_no};
use crate::ui::{Act, Field, Forms, Kind, field};

/// A text that says why.
pub(super) fn reason(label: &str) -> Vec<Field> {
    vec![field("reason", label).kind(Kind::Area(2))]
}

pub(super) fn defer() -> Vec<Field> {
    vec![
        field("date", "Look at it again on").kind(Kind::Date),
        message("Reason"),
        super::sure("I have read which promises fall due before")
            .help("Leave it empty at first: they are named where there are any."),
    ]
}

pub(super) fn context(v: &CasePageView) -> Vec<Field> {
    let open = &v.around.factors;
    let help = if open.is_empty() {
        String::new()
    } else {
        format!("The assessment names: {}.", open.join("; ").to_lowercase())
    };
    vec![
        field("kind", "It depends on")
            .kind(Kind::Select)
            .help(help)
            .option("implementation", "How an application is written")
            .option("configuration", "How it is configured")
            .option("dependency", "What it depends on")
            .option("deployment", "Where it is deployed"),
        field("party", "Whose it is")
            .help("The vendor of the application, the project it depends on, the operator."),
        field("circumstances", "What was judged").kind(Kind::Area(3)),
        field("outcome", "What came out")
            .kind(Kind::Area(3))
            .help("The impact under these circumstances. Empty while it is worked out."),
    ]
}

/// Naming a party, and the next step with each that is named.
pub(super) fn parties(v: &CasePageView, forms: &Forms) -> Vec<Act> {
    let name = vec![
        field("role", "What it is to this case")
            .kind(Kind::Radio)
            .option("upstream", "Upstream: the fault lies there")
            .option("application", "The vendor of an application")
            .option("operator", "The operator of a system")
            .option("other", "Another party, such as a coordinator")
            .value("upstream"),
        field("party", "Name").help(
            v.around
                .named_projects
                .as_ref()
                .map_or_else(String::new, |text| format!("The report names: {text}")),
        ),
        field("contact", "Its private channel").help("An address, a form, a key."),
        field(
            "ask_reporter",
            "Ask the reporter whether the report itself may be handed over",
        )
        .kind(Kind::Check),
    ];
    let mut acts: Vec<Act> = v
        .around
        .parties
        .iter()
        .filter(|party| party.open)
        .map(|party| next_step(party, forms))
        .collect();
    acts.push(
        forms
            .keyed("hand_over-new", "hand_over", "Name another party", name)
            .intro(
                "Candor writes to no other party by itself. Write to it by its private channel, \
                 and write down here what was sent and answered.",
            )
            .hidden("step", "open")
            .button("Save"),
    );
    acts
}

fn next_step(party: &PartyView, forms: &Forms) -> Act {
    let mut step = field("step", "What happened").kind(Kind::Radio);
    step = step.option("sent", "It was told");
    if party.told {
        step = step
            .option("answered", "It answered")
            .option("fix_shared", "The fix was shared with it")
            .option("fix_not_shared", "The fix was not shared with it");
    }
    let mut fields = vec![step.option("end", "Nothing more is to be done with it")];
    fields.extend(date_and_time());
    fields.push(
        field("with_report", "The report itself went along")
            .kind(Kind::Check)
            .help("Only with the reporter\u{2019}s consent."),
    );
    fields.push(field("note", "What was sent, answered or came out").kind(Kind::Area(3)));
    forms
        .keyed(
            &format!("hand_over-{}", party.number),
            "hand_over",
            &format!("Next step with {}", party.name),
            fields,
        )
        .intro(format!("It {}. Now, where no day is given.", party.waits))
        .hidden("number", party.number.to_string())
        .button("Save")
}

/// Acts on the case itself.
pub(super) fn itself(forms: &Forms) -> Vec<Act> {
    let leak = vec![
        field("what", "What may have leaked").kind(Kind::Area(2)),
        field("how", "How").kind(Kind::Area(2)),
        field("plan", "What is done about it").kind(Kind::Area(2)),
    ];
    let mut decide = vec![yes_no(
        "go_public",
        "Go public?",
        "Yes: nothing is held back any more",
        "No: the embargo stands",
    )];
    decide.extend(reason("Why"));
    vec![
        forms
            .act(
                "go_on",
                "Go on without the answer",
                reason("Why it can be done without"),
            )
            .intro("The question to the reporter is withdrawn, and clocks that stood still go on.")
            .button("Go on"),
        forms
            .act(
                "ask_to_end",
                "Ask to end the case before its review",
                reason("Why it should end now"),
            )
            .intro("The reporter is asked, and says yes or no.")
            .button("Ask the reporter"),
        forms
            .act("suspect_leak", "Suspect a leak", leak)
            .button("Record"),
        forms
            .act("decide_leak", "Decide on the suspected leak", decide)
            .intro(
                "In doubt, go public. Where the team has another person, two decide that: it \
                 holds once the second one has chosen it here, too.",
            )
            .button("Decide")
            .grave(),
        forms
            .act(
                "end_embargo",
                "End the embargo before its day",
                reason("Why nothing is held back any more"),
            )
            .intro(
                "Possible once the reporter has left it, the fix is released, or every vendor on \
                 the case has its fix. Everybody on the case is told.",
            )
            .button("End the embargo")
            .grave(),
    ]
}
