//! What is wrong with the house as a whole, as owners and whoever runs the server read it.

use candor_app::restored;
use candor_ports::{LETTERS_HELD, RESTORED_AT, RESTORED_FROM, Store as _};

use crate::common::World;

#[test]
fn owners_read_that_the_data_was_put_back_until_letters_leave_again() {
    let mut world = World::new();
    let ada = world.set_up();
    let troubles = |world: &World| {
        let inbox = world.app().inbox(&ada, "lanternfish", "open").unwrap();
        inbox.troubles
    };
    assert_eq!(troubles(&world), Vec::<String>::new());
    world.beside(|store| {
        assert_eq!(restored(store).unwrap(), None);
        store.put_setting(RESTORED_AT, Some("1790086400")).unwrap();
        store
            .put_setting(RESTORED_FROM, Some("1790000000"))
            .unwrap();
        store.put_setting(LETTERS_HELD, Some("1")).unwrap();
        let words = restored(store).unwrap().unwrap().operator();
        for part in ["2026-09-22", "2026-09-21", "letters --send", "log status"] {
            assert!(words.contains(part), "{words}");
        }
    });
    let said = troubles(&world);
    assert!(
        said.len() == 1 && said[0].contains("2026-09-21"),
        "{said:?}"
    );
    world.beside(|store| {
        store.put_setting(LETTERS_HELD, None).unwrap();
        let words = restored(store).unwrap().unwrap().operator();
        assert!(!words.contains("letters --send"), "{words}");
    });
    assert_eq!(troubles(&world), Vec::<String>::new());
}
