//! Forms about other parties of a case.

use candor_access::view::CasePageView;

use crate::party::status_fields;
use crate::ui::{Act, Field, Forms, Kind, field};

pub(super) fn acts(v: &CasePageView, forms: &Forms) -> Vec<Act> {
    let here = || {
        v.parties
            .iter()
            .filter(|p| p.here)
            .map(|p| (p.number.to_string(), format!("{} ({})", p.name, p.kind)))
    };
    let which = || {
        field("party", "Which party")
            .kind(Kind::Select)
            .options(here())
    };
    let invite = vec![
        field("name", "Organisation"),
        field("kind", "What it is")
            .kind(Kind::Radio)
            .option(
                "vendor",
                "A vendor: may be affected, makes a fix of its own",
            )
            .option(
                "distributor",
                "A distributor: gets a notice shortly before the day",
            )
            .option("coordinator", "A coordinator: helps the others"),
        field("contact", "E-mail address of its one contact point")
            .kind(Kind::Email)
            .help(
                "May be empty. A mail says that there is an invitation, and nothing of the case.",
            ),
        field("terms", "Terms")
            .kind(Kind::Area(8))
            .value(v.party_terms.clone()),
    ];
    let mut list = vec![
        forms
            .act("invite_party", "Invite another party", invite)
            .intro(
                "It sees nothing before it takes the terms. You get a code for it, which works \
                 once; hand it over yourself.",
            )
            .button("Invite"),
    ];
    if here().next().is_some() {
        list.extend(about_one(forms, &which));
    }
    let leak = vec![
        field("party", "From whom")
            .kind(Kind::Select)
            .option("", "not known")
            .options(here()),
        field("what", "What leaked, to whom, and how").kind(Kind::Area(3)),
    ];
    list.push(
        forms
            .act("record_leak", "Record a leak", leak)
            .intro(
                "A party that leaks a second time is left out. If the matter is public now, \
                 record that, too: it ends the embargo.",
            )
            .button("Record"),
    );
    list
}

fn about_one(forms: &Forms, which: &dyn Fn() -> Field) -> Vec<Act> {
    let mut status = vec![which()];
    status.extend(status_fields());
    vec![
        forms
            .act("notify_party", "Give a distributor its notice", vec![which()])
            .intro("It can read the draft advisory from then on; fourteen days at most before the day.")
            .button("Give the notice"),
        forms
            .act("party_status", "Note how a party stands", status)
            .button("Save"),
        forms
            .act(
                "link_advisory",
                "Link a party’s own advisory",
                vec![which(), field("link", "Its address").help("It begins with https://.")],
            )
            .intro("The published advisory links to it.")
            .button("Link it"),
        forms
            .act("renew_invitation", "Give a party a new code", vec![which()])
            .intro("When its code is lost, or others have seen it.")
            .button("Make a new code"),
        forms
            .act(
                "remove_party",
                "Leave a party out",
                vec![which(), field("reason", "Reason").kind(Kind::Area(2))],
            )
            .button("Leave it out")
            .grave(),
    ]
}
