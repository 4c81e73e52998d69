//! Whatever goes into the store comes out the same, together or not at all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_ports::{
    OutboxOutcome, PolicyAct, PolicyActKind, SessionKind, SessionRecord, Store, StoreError,
};
use common::*;

with_every_engine! {
    a_case_survives_a_restart_with_everything_committed_with_it,
    many_histories_are_read_as_each_is_by_itself,
    strangers_and_other_programs_see_nothing,
    a_stale_decision_is_refused_and_leaves_nothing,
    the_same_receipt_twice_makes_one_case,
    a_reference_belongs_to_one_case_of_a_program,
    a_body_is_never_replaced,
    misnumbered_events_are_refused,
    due_cases_come_earliest_first_and_only_when_due,
    a_lease_settles_once_and_never_late,
    a_lease_does_not_outlive_a_clock_that_is_set_back,
    an_outbox_key_is_one_act_of_one_case,
    programs_keep_every_policy_version,
    a_policy_is_put_only_over_the_version_it_was_meant_for,
    accounts_are_found_by_login_and_logins_are_unique,
    a_totp_step_works_once_whatever_an_older_record_says,
    sessions_end_by_hand_by_age_and_by_idleness,
    settings_are_set_changed_and_removed,
    an_advisory_changes_but_keeps_its_first_day_and_its_case,
    a_row_can_be_rebuilt,
}

fn a_case_survives_a_restart_with_everything_committed_with_it(house: &House) {
    let store = house.store();
    let program = slug("threatdex");
    let large = vec![0xA7; 300 * 1024];
    let mut first = commit("a", 0);
    first.events.push(event(2, "more"));
    first.blobs = vec![blob("body", b"text"), blob("file", &large)];
    first.receipt = Some(receipt("a"));
    first.wake = Some(at(50));
    first.publication = Some(publication("TDX-1", at(1)));
    let events = first.events.clone();
    store.commit(first).unwrap();
    drop(store);

    let store = house.open();
    let id = case("a");
    assert_eq!(store.load(&program, &id).unwrap(), Some(events));
    assert_eq!(store.find(&program, &reference("a")).unwrap(), Some(id));
    assert_eq!(store.rows(&program).unwrap(), vec![row("a", "a title")]);
    let body = |seed: &str| store.blob(&program, &id, &blob(seed, b"").id).unwrap();
    assert_eq!(body("body").as_deref(), Some(&b"text"[..]));
    assert_eq!(body("file"), Some(large));
    assert_eq!(body("nothing"), None);
    let found = store.receipt(&receipt("a").code_hash).unwrap();
    assert_eq!(found, Some((program.clone(), id)));
    let note = store.receipt_note(&program, &id).unwrap();
    assert_eq!(note.as_deref(), Some("note of a"));
    assert_eq!(
        store.publications(&program).unwrap(),
        vec![publication("TDX-1", at(1))]
    );
    assert_eq!(store.next_wake().unwrap(), Some(at(50)));
    assert_eq!(store.all_cases().unwrap(), vec![(program, id)]);
}

fn many_histories_are_read_as_each_is_by_itself(house: &House) {
    let store = house.store();
    let program = slug("threatdex");
    put_program(&store, "other");
    for seed in ["a", "b", "c"] {
        store.commit(commit(seed, 0)).unwrap();
    }
    store.commit(commit("b", 1)).unwrap();
    let mut foreign = commit("d", 0);
    foreign.program = slug("other");
    store.commit(foreign).unwrap();
    let mut heads = store.heads(&program).unwrap();
    heads.sort();
    let mut expected = vec![(case("a"), 1), (case("b"), 2), (case("c"), 1)];
    expected.sort();
    assert_eq!(heads, expected);
    let read = |wanted: &[&str]| {
        let wanted = wanted.iter().map(|seed| case(seed)).collect();
        let mut out = std::collections::BTreeMap::new();
        store
            .load_each(&program, &wanted, &mut |case, events| {
                assert!(out.insert(case, events).is_none());
            })
            .unwrap();
        out
    };
    let all = read(&["a", "b", "c", "d", "nobody"]);
    assert_eq!(all.len(), 3, "and none of another program");
    for (case, events) in &all {
        assert_eq!(store.load(&program, case).unwrap().as_ref(), Some(events));
    }
    assert_eq!(read(&["b"]).keys().collect::<Vec<_>>(), [&case("b")]);
    assert!(read(&[]).is_empty());
}

fn strangers_and_other_programs_see_nothing(house: &House) {
    let store = house.store();
    put_program(&store, "other");
    let mut first = commit("a", 0);
    first.blobs = vec![blob("body", b"text")];
    first.receipt = Some(receipt("a"));
    store.commit(first).unwrap();
    let (other, id) = (slug("other"), case("a"));
    assert_eq!(store.load(&other, &id).unwrap(), None);
    assert_eq!(store.find(&other, &reference("a")).unwrap(), None);
    assert_eq!(store.rows(&other).unwrap(), vec![]);
    assert_eq!(
        store.blob(&other, &id, &blob("body", b"").id).unwrap(),
        None
    );
    assert_eq!(store.receipt_note(&other, &id).unwrap(), None);
    assert_eq!(store.chain_head(&other, &id).unwrap(), None);
    assert_eq!(store.receipt(&receipt("b").code_hash).unwrap(), None);
    let mut second = commit("b", 0);
    store.commit(second.clone()).unwrap();
    let body = blob("body", b"").id;
    assert_eq!(
        store.blob(&slug("threatdex"), &case("b"), &body).unwrap(),
        None
    );
    second.program = slug("nobody");
    assert!(matches!(store.commit(second), Err(StoreError::Failed(_))));
}

fn a_stale_decision_is_refused_and_leaves_nothing(house: &House) {
    let store = house.store();
    let program = slug("threatdex");
    store.commit(commit("a", 0)).unwrap();
    store.commit(commit("a", 1)).unwrap();
    let mut stale = commit("a", 1);
    stale.blobs = vec![blob("late", &vec![1; 200_000])];
    stale.outbox = vec![item("late", at(0))];
    assert_eq!(store.commit(stale), Err(StoreError::Conflict));
    assert_eq!(store.commit(commit("a", 0)), Err(StoreError::Conflict));
    assert_eq!(store.commit(commit("b", 3)), Err(StoreError::Conflict));
    assert_eq!(store.load(&program, &case("a")).unwrap().unwrap().len(), 2);
    assert_eq!(store.lease_outbox(at(1), 60, 10).unwrap(), vec![]);
    if let Some(data) = house.folder() {
        let files = walk(&data.join("blobs"));
        assert_eq!(files, 0, "no body of the refused commit is left");
    }
}

fn walk(folder: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .map(|e| e.unwrap().path())
        .map(|p| if p.is_dir() { walk(&p) } else { 1 })
        .sum()
}

fn the_same_receipt_twice_makes_one_case(house: &House) {
    let store = house.store();
    let mut first = commit("a", 0);
    first.receipt = Some(receipt("a"));
    store.commit(first.clone()).unwrap();
    assert_eq!(store.commit(first.clone()), Err(StoreError::Exists));
    let mut again = commit("b", 0);
    again.receipt = first.receipt;
    again.outbox = vec![item("again", at(0))];
    assert_eq!(store.commit(again), Err(StoreError::Exists));
    assert_eq!(store.rows(&slug("threatdex")).unwrap().len(), 1);
    assert_eq!(store.lease_outbox(at(1), 60, 10).unwrap(), vec![]);
}

fn a_reference_belongs_to_one_case_of_a_program(house: &House) {
    let store = house.store();
    store.commit(commit("a", 0)).unwrap();
    let mut taken = commit("b", 0);
    taken.row.reference = reference("a");
    assert_eq!(store.commit(taken.clone()), Err(StoreError::Exists));
    put_program(&store, "other");
    taken.program = slug("other");
    store.commit(taken).unwrap();
}

fn a_body_is_never_replaced(house: &House) {
    let store = house.store();
    let mut first = commit("a", 0);
    first.blobs = vec![blob("x", &vec![1; 100_000])];
    store.commit(first).unwrap();
    let mut second = commit("a", 1);
    second.blobs = vec![blob("x", &vec![2; 100_000])];
    assert_eq!(store.commit(second), Err(StoreError::Exists));
    let body = store.blob(&slug("threatdex"), &case("a"), &blob("x", b"").id);
    assert_eq!(body.unwrap(), Some(vec![1; 100_000]));
    assert_eq!(
        store
            .load(&slug("threatdex"), &case("a"))
            .unwrap()
            .unwrap()
            .len(),
        1
    );
}

fn misnumbered_events_are_refused(house: &House) {
    let store = house.store();
    let mut gap = commit("a", 0);
    gap.events = vec![event(2, "gap")];
    assert!(matches!(store.commit(gap), Err(StoreError::Failed(_))));
    let mut none = commit("a", 0);
    none.events.clear();
    assert!(matches!(store.commit(none), Err(StoreError::Failed(_))));
    let mut mixed = commit("a", 0);
    mixed.row.case = case("b");
    assert!(matches!(store.commit(mixed), Err(StoreError::Failed(_))));
    assert_eq!(store.all_cases().unwrap(), vec![]);
}

fn due_cases_come_earliest_first_and_only_when_due(house: &House) {
    let store = house.store();
    for (seed, wake) in [
        ("a", Some(30)),
        ("b", Some(10)),
        ("c", None),
        ("d", Some(20)),
    ] {
        let mut c = commit(seed, 0);
        c.wake = wake.map(at);
        store.commit(c).unwrap();
    }
    let due = |now, limit| -> Vec<_> {
        let due = store.due(at(now), limit).unwrap();
        due.into_iter().map(|(_, case)| case).collect()
    };
    assert_eq!(due(9, 10), vec![]);
    assert_eq!(due(20, 10), vec![case("b"), case("d")]);
    assert_eq!(due(99, 2), vec![case("b"), case("d")]);
    assert_eq!(store.next_wake().unwrap(), Some(at(10)));
    store.commit(commit("b", 1)).unwrap();
    assert_eq!(store.next_wake().unwrap(), Some(at(20)));
}

fn a_lease_settles_once_and_never_late(house: &House) {
    let store = house.store();
    let mut c = commit("a", 0);
    c.outbox = vec![item("two", at(20)), item("one", at(10))];
    store.commit(c).unwrap();
    assert_eq!(store.lease_outbox(at(9), 60, 10).unwrap(), vec![]);
    let first = store.lease_outbox(at(25), 60, 10).unwrap();
    let keys: Vec<_> = first.iter().map(|l| l.key.as_str()).collect();
    assert_eq!(keys, ["one", "two"]);
    assert_eq!(first[0].effect, r#"{"effect":"publish"}"#);
    assert_eq!((first[0].case, first[0].tries), (case("a"), 0));
    assert_eq!(
        store.lease_outbox(at(26), 60, 10).unwrap(),
        vec![],
        "lent already"
    );

    // The lease runs out: the next one has a new fence, the old settles nothing.
    let second = store.lease_outbox(at(85), 60, 10).unwrap();
    assert_eq!((second.len(), second[0].tries), (2, 1));
    let settle = |key: &str, fence, outcome| store.settle_outbox(key, fence, outcome).unwrap();
    assert!(!settle("one", first[0].fence, OutboxOutcome::Done));
    let retry = OutboxOutcome::Retry {
        at: at(200),
        code: "451".to_owned(),
    };
    assert!(settle("one", second[0].fence, retry.clone()));
    assert!(!settle("one", second[0].fence, retry), "settled already");
    assert!(settle("two", second[1].fence, OutboxOutcome::Done));

    assert_eq!(store.lease_outbox(at(199), 60, 10).unwrap(), vec![]);
    let third = store.lease_outbox(at(200), 60, 10).unwrap();
    assert_eq!((third.len(), third[0].tries), (1, 2));
    let dead = OutboxOutcome::Dead {
        code: "550".to_owned(),
    };
    assert!(settle("one", third[0].fence, dead));
    assert_eq!(store.lease_outbox(at(9_000), 60, 10).unwrap(), vec![]);
}

fn a_lease_does_not_outlive_a_clock_that_is_set_back(house: &House) {
    let store = house.store();
    let mut c = commit("a", 0);
    c.outbox = vec![item("one", at(10))];
    store.commit(c).unwrap();
    // Whoever took it broke; then the clock of the machine was set right.
    let first = store.lease_outbox(at(90_000), 60, 10).unwrap();
    assert_eq!(
        store.lease_outbox(at(89_990), 60, 10).unwrap(),
        vec![],
        "a clock goes back a little, and it is still lent"
    );
    let second = store.lease_outbox(at(5_000), 60, 10).unwrap();
    assert_eq!((first.len(), second.len()), (1, 1));
    let settle = |fence| store.settle_outbox("one", fence, OutboxOutcome::Done);
    assert!(!settle(first[0].fence).unwrap());
    assert!(settle(second[0].fence).unwrap());
}

fn an_outbox_key_is_one_act_of_one_case(house: &House) {
    let store = house.store();
    let with = |seed: &str, seq, key: &str| {
        let mut c = commit(seed, seq);
        c.outbox = vec![item(key, at(0))];
        store.commit(c)
    };
    with("a", 0, "k").unwrap();
    with("a", 1, "k").unwrap();
    assert_eq!(with("b", 0, "k"), Err(StoreError::Exists));
    let leases = store.lease_outbox(at(1), 60, 10).unwrap();
    assert_eq!(leases.len(), 1);
    assert!(
        store
            .settle_outbox("k", leases[0].fence, OutboxOutcome::Done)
            .unwrap()
    );
    with("a", 2, "k").unwrap();
    assert_eq!(
        store.lease_outbox(at(100), 60, 10).unwrap(),
        vec![],
        "done stays done"
    );
}

fn programs_keep_every_policy_version(house: &House) {
    let store = house.store();
    let old = policy("text");
    let mut new = policy("second");
    r#"{"zone":"UTC"}"#.clone_into(&mut new.settings);
    let mut changed = program("threatdex");
    "ThreatDex".clone_into(&mut changed.name);
    changed.policy = new.digest;
    changed.created = at(99);
    let act = PolicyAct {
        at: at(99),
        kind: PolicyActKind::Published,
        digest: new.digest,
        account: Some(account("ada").id),
    };
    store
        .put_program(
            changed.clone(),
            Some(old.digest),
            new.clone(),
            Some(act.clone()),
        )
        .unwrap();
    changed.created = at(0);
    assert_eq!(store.programs().unwrap(), vec![changed.clone()]);
    let slug = slug("threatdex");
    assert_eq!(store.policy(&slug, &old.digest).unwrap(), Some(old));
    assert_eq!(store.policy(&slug, &new.digest).unwrap(), Some(new.clone()));
    assert_eq!(store.policy(&slug, &digest("none")).unwrap(), None);
    let mismatch = store.put_program(changed.clone(), Some(new.digest), policy("third"), None);
    assert!(matches!(mismatch, Err(StoreError::Failed(_))));
    let reviewed = PolicyAct {
        at: at(100),
        kind: PolicyActKind::Reviewed,
        account: None,
        ..act.clone()
    };
    store
        .put_program(
            changed.clone(),
            Some(new.digest),
            new.clone(),
            Some(reviewed.clone()),
        )
        .unwrap();
    assert_eq!(
        store.policy_acts(&slug).unwrap(),
        vec![act.clone(), reviewed]
    );
    let other = PolicyAct {
        digest: digest("none"),
        ..act
    };
    let mismatch = store.put_program(changed, Some(new.digest), new, Some(other));
    assert!(matches!(mismatch, Err(StoreError::Failed(_))));
    assert_eq!(store.policy_acts(&slug).unwrap().len(), 2);
}

fn a_policy_is_put_only_over_the_version_it_was_meant_for(house: &House) {
    let store = house.store();
    let before = store.programs().unwrap();
    let new = policy("second");
    let mut changed = program("threatdex");
    changed.policy = new.digest;
    for over in [None, Some(digest("policy-other")), Some(new.digest)] {
        let put = store.put_program(changed.clone(), over, new.clone(), None);
        assert!(matches!(put, Err(StoreError::Conflict)), "{put:?}");
    }
    assert_eq!(store.programs().unwrap(), before);
    assert_eq!(store.policy(&changed.slug, &new.digest).unwrap(), None);
    // Of many who saw the same version, one wins.
    let old = before[0].policy;
    let put = |n: u8| {
        let mine = policy(&format!("mine-{n}"));
        let mut program = program("threatdex");
        program.policy = mine.digest;
        store.put_program(program, Some(old), mine, None).is_ok()
    };
    let won = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|n| scope.spawn(move || put(n))).collect();
        all.into_iter()
            .map(|t| t.join().unwrap())
            .filter(|won| *won)
            .count()
    });
    assert_eq!(won, 1);
    // A new program is new for one of two.
    let made = |name: &str| store.put_program(program(name), None, policy("text"), None);
    made("lantern").unwrap();
    assert!(matches!(made("lantern"), Err(StoreError::Conflict)));
}

fn accounts_are_found_by_login_and_logins_are_unique(house: &House) {
    let store = house.store();
    let ada = account("ada");
    store.add_account(ada.clone()).unwrap();
    assert_eq!(store.account_by_login("ada").unwrap(), Some(ada.clone()));
    assert_eq!(store.account_by_login("bob").unwrap(), None);
    assert_eq!(store.account(&ada.id).unwrap(), Some(ada.clone()));
    let mut twin = account("bob");
    "ada".clone_into(&mut twin.login);
    assert_eq!(store.add_account(twin), Err(StoreError::Exists));
    let mut bob = account("bob");
    store.add_account(bob.clone()).unwrap();
    "ada".clone_into(&mut bob.login);
    assert_eq!(store.update_account(bob.clone()), Err(StoreError::Exists));
    "bert".clone_into(&mut bob.login);
    bob.failures = 3;
    bob.locked_until = Some(at(60));
    store.update_account(bob.clone()).unwrap();
    assert_eq!(store.account_by_login("bob").unwrap(), None);
    assert_eq!(store.accounts().unwrap(), vec![ada, bob]);
    assert!(matches!(
        store.update_account(account("carl")),
        Err(StoreError::Failed(_))
    ));
}

fn a_totp_step_works_once_whatever_an_older_record_says(house: &House) {
    let store = house.store();
    let ada = account("ada");
    store.add_account(ada.clone()).unwrap();
    assert!(store.use_totp_step(&ada.id, 100).unwrap());
    assert!(!store.use_totp_step(&ada.id, 100).unwrap());
    assert!(!store.use_totp_step(&ada.id, 99).unwrap());
    store.update_account(ada.clone()).unwrap();
    assert!(!store.use_totp_step(&ada.id, 100).unwrap());
    assert!(store.use_totp_step(&ada.id, 101).unwrap());
    assert_eq!(store.account(&ada.id).unwrap().unwrap().totp_last_step, 101);
}

fn sessions_end_by_hand_by_age_and_by_idleness(house: &House) {
    let store = house.store();
    let session = |seed: &str, kind, expires| SessionRecord {
        id: candor_base::SessionId::from_bytes(*digest(seed).as_bytes()),
        kind,
        about: candor_ports::SessionAbout::default(),
        created: at(0),
        seen: at(0),
        expires,
    };
    let staff = session("s", SessionKind::Staff(account("ada").id), at(1000));
    let half = session("h", SessionKind::HalfStaff(account("ada").id), at(100));
    let room = SessionKind::Room {
        program: slug("threatdex"),
        case: case("a"),
    };
    let room = session("r", room, at(1000));
    for s in [&staff, &half, &room] {
        store.add_session(s.clone()).unwrap();
        assert_eq!(store.session(&s.id).unwrap().as_ref(), Some(s));
    }
    let bob = session("b", SessionKind::Staff(account("bob").id), at(1000));
    store.add_session(bob.clone()).unwrap();
    assert_eq!(store.end_sessions_of(&account("bob").id).unwrap(), 1);
    assert_eq!(store.session(&bob.id).unwrap(), None);
    assert_eq!(store.end_sessions_of(&account("bob").id).unwrap(), 0);
    assert!(store.session(&staff.id).unwrap().is_some(), "not of others");
    store.touch_session(&staff.id, at(90)).unwrap();
    store.touch_session(&staff.id, at(80)).unwrap();
    assert_eq!(store.session(&staff.id).unwrap().unwrap().seen, at(90));
    store.sweep_sessions(at(99), at(0)).unwrap();
    assert!(store.session(&half.id).unwrap().is_some());
    store.sweep_sessions(at(100), at(50)).unwrap();
    assert!(store.session(&half.id).unwrap().is_none(), "expired");
    assert!(store.session(&room.id).unwrap().is_none(), "idle");
    assert!(store.session(&staff.id).unwrap().is_some());
    store.end_session(&staff.id).unwrap();
    assert!(store.session(&staff.id).unwrap().is_none());
}

fn settings_are_set_changed_and_removed(house: &House) {
    let store = house.store();
    assert_eq!(store.setting("k").unwrap(), None);
    store.put_setting("k", Some("one")).unwrap();
    store.put_setting("k", Some("two")).unwrap();
    assert_eq!(store.setting("k").unwrap().as_deref(), Some("two"));
    store.put_setting("k", None).unwrap();
    assert_eq!(store.setting("k").unwrap(), None);
}

fn an_advisory_changes_but_keeps_its_first_day_and_its_case(house: &House) {
    let store = house.store();
    let publish = |seed: &str, seq, p| {
        let mut c = commit(seed, seq);
        c.publication = Some(p);
        store.commit(c)
    };
    publish("a", 0, publication("TDX-1", at(10))).unwrap();
    publish("b", 0, publication("TDX-2", at(20))).unwrap();
    let mut changed = publication("TDX-1", at(30));
    "[]".clone_into(&mut changed.advisory);
    publish("a", 1, changed.clone()).unwrap();
    changed.published = at(10);
    let all = store.publications(&slug("threatdex")).unwrap();
    assert_eq!(all, vec![publication("TDX-2", at(20)), changed.clone()]);
    assert_eq!(publish("b", 1, changed), Err(StoreError::Exists));
}

fn a_row_can_be_rebuilt(house: &House) {
    let store = house.store();
    let program = slug("threatdex");
    store.commit(commit("a", 0)).unwrap();
    let rebuilt = row("a", "another title");
    store
        .replace_row(&program, rebuilt.clone(), 1, Some(at(7)))
        .unwrap();
    assert_eq!(store.rows(&program).unwrap(), vec![rebuilt]);
    assert_eq!(store.next_wake().unwrap(), Some(at(7)));
    let stranger = store.replace_row(&program, row("b", "x"), 1, None);
    assert!(matches!(stranger, Err(StoreError::Failed(_))));
    // Made from what the case was before somebody else moved it on: of no use.
    store.commit(commit("a", 1)).unwrap();
    let late = store.replace_row(&program, row("a", "late"), 1, None);
    assert_eq!(late, Err(StoreError::Conflict));
    assert_eq!(store.rows(&program).unwrap(), vec![row("a", "a title")]);
}
