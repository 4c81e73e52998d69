//! The form for steps with CVE ids.

use candor_access::view::CasePageView;

use super::super::fields::date_and_time;
use crate::ui::{Act, Forms, Kind, field};

pub(super) fn act(v: &CasePageView, forms: &Forms) -> Act {
    let mut fields = vec![
        field("step", "What happened")
            .kind(Kind::Select)
            .option("request", "An id was asked for")
            .option("reserve", "An id is reserved")
            .option("assign", "An id is assigned: the reporter is told")
            .option("publish", "The record of an id is public")
            .option("reject", "An id is rejected")
            .option("end_requests", "The request leads to nothing")
            .option("not_needed", "No id is needed"),
        field("from", "Who was asked").help("Such as MITRE. For a request."),
        field("id", "CVE id")
            .kind(Kind::Mono)
            .help(if v.cve.open.is_empty() {
                "Such as CVE-1900-0001.".to_owned()
            } else {
                format!("Open: {}.", v.cve.open.join(", "))
            }),
        field("reason", "Reason")
            .kind(Kind::Area(2))
            .help("For an id that is rejected, a request that leads to nothing, or none needed."),
    ];
    fields.extend(date_and_time());
    forms
        .act("record_cve", "Note a step with a CVE id", fields)
        .intro(
            "Candor talks to nobody about ids: write down what was done elsewhere. Without a \
             date it was now. The advisory never waits for an id.",
        )
        .button("Note it")
}
