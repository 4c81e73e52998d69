//! What people see of a story: the policy page, the report form, the reporter's
//! room, the team's case page.
//!
//! Invariant: pages are built by the same code, from the same permits, as the
//! pages of a running server.

use std::collections::BTreeMap;

use candor_access::build::{
    CaseMaterial, DeskExtra, FormState, RoomExtra, acts_of, build_case_page, build_room,
    policy_page, program_card, report_form,
};
use candor_access::view::{CasePageView, PolicyPageView, ProgramCard, ReportFormView, RoomView};
use candor_access::{Action, CaseFacts, Permit, Principal, ProgramRole, permit};
use candor_base::ProgramSlug;
use candor_policy::lint;

use crate::parts::{opened, person};
use crate::story::Story;

impl Story {
    fn card(&self) -> ProgramCard {
        program_card("story", "Story", self.in_force())
    }

    /// The policy page as the public sees it.
    pub fn policy_page(&self) -> PolicyPageView {
        policy_page(
            self.in_force(),
            &self.card(),
            self.now(),
            self.now(),
            Vec::new(),
        )
    }

    /// The report form, empty.
    pub fn form_page(&self) -> ReportFormView {
        report_form(
            self.in_force(),
            &self.card(),
            25 << 20,
            FormState::default(),
        )
    }

    /// Codes of the findings on the policy, each with its first line.
    pub fn findings(&self) -> Vec<(String, Option<u32>)> {
        lint(self.policy(), Vec::new())
            .into_iter()
            .map(|f| (f.code, f.span.map(|s| s.first)))
            .collect()
    }

    fn read_permit(&self, who: &Principal) -> Permit {
        let facts = &self.state().facts;
        permit(
            who,
            Action::ReadCase,
            &CaseFacts::case(facts.program.clone(), facts.case),
        )
        .expect("this person reads the case")
    }

    /// The room as the reporter sees it now.
    pub fn room(&self) -> RoomView {
        let facts = &self.state().facts;
        let right = self.read_permit(&Principal::Room {
            program: facts.program.clone(),
            case: facts.case,
        });
        let extra = RoomExtra {
            allowed: self.reporter_may(),
            ..RoomExtra::default()
        };
        self.with_material(|m| build_room(&right, m, extra))
            .expect("the reporter has a room")
    }

    /// The case page as the first person of the team sees it now.
    pub fn case_page(&self) -> CasePageView {
        let program: ProgramSlug = self.state().facts.program.clone();
        let right = self.read_permit(&Principal::Staff {
            account: person(1),
            admin: false,
            roles: BTreeMap::from([(program, ProgramRole::Member)]),
        });
        let moves = acts_of(self.team_moves());
        let publish = moves.iter().find(|a| a.act == "publish");
        let extra = DeskExtra {
            team: (1..=3)
                .map(|n| (person(n), format!("Person {n}")))
                .collect(),
            publish_blocked: publish.and_then(|a| a.blocked.clone()),
            moves,
            ..DeskExtra::default()
        };
        self.with_material(|m| build_case_page(&right, m, extra))
            .expect("the team has a case page")
    }

    fn with_material<T>(&self, use_it: impl FnOnce(&CaseMaterial<'_>) -> T) -> T {
        let program = self.card();
        let texts = opened();
        let people = (1..=3)
            .map(|n| (person(n), format!("Person {n}")))
            .collect();
        use_it(&CaseMaterial {
            program: &program,
            state: self.state(),
            events: self.log(),
            policy: self.in_force(),
            now: self.now(),
            texts: &texts,
            file_names: &BTreeMap::new(),
            people: &people,
            report: &[("Title".to_owned(), "The report as filed".to_owned())],
            title: "The report as filed",
        })
    }
}
