//! What pages, rooms, receipts and letters say of a policy is what the policy says.

use candor_ledger::verify;

use crate::common::{World, act, report};

const KESTREL: &str = "\
# Security policy of Kestrel

Please report privately by mail to security@kestrel.example.org.

## Response times

We are committed to the following timelines:

| Milestone | Target |
|---|---|
| Acknowledgement of receipt | Within 2 business days |
| Fix and public disclosure | Within 90 days of receipt |

## Safe harbour

If you act in good faith, following this policy, we will:

- Not pursue legal action against you
- Work with you to understand and resolve the issue
- Credit you in the advisory (if you wish)

We ask that you:

- Give us reasonable time to fix the issue before public disclosure
";

const BOTH: &str = "The problem is fixed and details are published";

fn kestrel() -> World {
    let world = World::new();
    world
        .app()
        .put_program("kestrel", "SECURITY.md", KESTREL.as_bytes())
        .unwrap();
    world
}

#[test]
fn a_promise_of_fix_and_publication_is_worded_as_both() {
    let world = kestrel();
    let token = world.set_up();
    let receipt = world
        .app()
        .submit_report("kestrel", report(&[("description", "It opens a shell.")]))
        .unwrap();
    assert!(receipt.clocks.iter().any(|c| c.what == BOTH));
    let read = verify(&receipt.note, &receipt.verifier_key).unwrap();
    let joint: Vec<(&str, String)> = read
        .promises
        .iter()
        .filter(|p| p.milestone.as_str() != "acknowledgement")
        .map(|p| (p.milestone.as_str(), p.due.unwrap().to_string()))
        .collect();
    let due = "2026-08-30T23:59:59Z".to_owned();
    assert_eq!(joint, [("fix", due.clone()), ("disclosure", due)]);
    let room = world.app().enter_room("kestrel", &receipt.code).unwrap();
    let room = world.app().room("kestrel", &room).unwrap();
    assert!(room.clocks.iter().any(|c| c.what == BOTH));
    let case = |token: &str| {
        world
            .app()
            .case_page(token, "kestrel", &receipt.reference)
            .unwrap()
    };
    assert!(case(&token).clocks.iter().any(|c| c.what == BOTH));
    let hello = act("acknowledge", &[("message", "Thank you. We look into it.")]);
    world
        .app()
        .desk_act(&token, "kestrel", &receipt.reference, hello)
        .unwrap();
    // Past the half of the time the team is warned, in the words of the whole promise.
    world.at("2026-08-20T08:00:00Z");
    world.app().tick().unwrap();
    world.app().deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    assert!(
        letters
            .iter()
            .any(|l| l.body.promise.as_deref() == Some(BOTH))
    );
    let later = world.sign_in_again("ada");
    assert!(
        case(&later)
            .timeline
            .iter()
            .any(|line| line.what.contains(BOTH))
    );
}
