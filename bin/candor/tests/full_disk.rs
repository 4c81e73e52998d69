//! A disk that fills up, for real: a small file system of its own. The team goes on working
//! when no report is taken any more, and even when nothing is free at all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use candor_campaign::{Answer, Report, Staff, enter};
use common::{Place, submit};
use rustix::fs::{FallocateFlags, fallocate, statvfs};

const MIB: u64 = 1024 * 1024;

/// A file system in memory, unmounted at the end.
struct Small(PathBuf);

impl Small {
    /// None, said in words, where mounting is not allowed.
    fn mount(at: &Path, mebibytes: u64) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o"])
            .arg(format!("size={mebibytes}m,mode=700"))
            .args(["tmpfs", at.to_str().unwrap()])
            .output();
        match mounted {
            Ok(done) if done.status.success() => Some(Self(at.to_owned())),
            _ => {
                eprintln!("skipped: this user may not mount a file system");
                None
            }
        }
    }

    fn free(&self) -> u64 {
        let stat = statvfs(&self.0).unwrap();
        stat.f_bavail * stat.f_frsize
    }

    /// Takes everything but so many bytes.
    fn fill(&self, name: &str, leave: u64) {
        let file = File::create(self.0.join(name)).unwrap();
        let take = self.free().saturating_sub(leave);
        fallocate(&file, FallocateFlags::empty(), 0, take).unwrap();
        assert!(self.free() <= leave, "{} bytes are free", self.free());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

fn must(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text);
}

#[test]
fn the_team_goes_on_when_the_disk_is_full() {
    let place = Place::new();
    let Some(disk) = Small::mount(&place.data(), 256) else {
        return;
    };
    let policy = place.policy();
    let server = place.serve(&["--key", "instance.key", policy.to_str().unwrap()]);
    let base = server.base.as_str();
    let mut mia = Staff::set_up(&server, "Mia", "mia@example.org");
    let (status, receipt) = submit(base, "lantern", "came in time").unwrap();
    assert_eq!(status, 201);
    let reference = receipt["reference"].as_str().unwrap().to_owned();
    let code = receipt["code"].as_str().unwrap().to_owned();
    let reserve = || std::fs::metadata(place.data().join("reserve")).unwrap();
    assert!(reserve().blocks() * 512 >= 16 * MIB, "really taken");
    let path = format!("/desk/p/lantern/cases/{reference}");
    let doctor = ["doctor", "--data", "data", "--key", "instance.key"];
    let inbox = |mia: &Staff| mia.page(base, "/desk/p/lantern").unwrap().text;
    assert!(!inbox(&mia).contains("disk of the data folder"));

    // Below the floor, a tenth of this disk: no report and no file, but everything else.
    disk.fill("filler", 20 * MIB);
    let (status, said) = submit(base, "lantern", "came too late").unwrap();
    assert_eq!(status, 503, "{said}");
    assert!(
        said.to_string().contains("your report was not stored"),
        "{said}"
    );
    let before = disk.free();
    let large = Report::new("with a file", "It breaks.").with_file("a.bin", vec![7; 3_000_000]);
    must(&large.send(base, "lantern").unwrap(), 503);
    assert!(disk.free() + MIB / 2 > before, "nothing stays behind");
    let say = |mia: &Staff, text: &str| {
        let fields = [("lane", "reporter"), ("kind", "plain"), ("message", text)];
        mia.act(base, "lantern", &reference, "say", &fields)
            .unwrap()
    };
    must(&say(&mia, "We have it, thank you."), 303);
    assert!(inbox(&mia).contains("new reports and files are refused"));
    place.run(&doctor).says("is nearly full");
    assert_eq!(reserve().len(), 16 * MIB, "not needed yet");

    // Nothing is free: the reserve carries an acknowledgement, a message, a sign-in.
    disk.fill("more", 0);
    must(&say(&mia, "It is confirmed."), 303);
    assert_eq!(reserve().len(), 0, "given up");
    mia.sign_in(base, 30).unwrap();
    assert!(
        mia.page(base, &path)
            .unwrap()
            .text
            .contains("It is confirmed.")
    );
    let room = enter(base, "lantern", &code).unwrap();
    assert!(room.is_some(), "the reporter reads it");
    let (status, _) = submit(base, "lantern", "came too late").unwrap();
    assert_eq!(status, 503);
    place.run(&doctor).says("the reserve was given up");
    assert!(inbox(&mia).contains("the reserve was given up"));
    assert!(server.log().contains("the reserve was given up"));

    // Some room: reports are taken again, and the reserve is not made yet.
    std::fs::remove_file(place.data().join("more")).unwrap();
    std::fs::remove_file(place.data().join("filler")).unwrap();
    disk.fill("filler", 40 * MIB);
    assert_eq!(submit(base, "lantern", "one more").unwrap().0, 201);
    place.run(&doctor).says("was full");
    std::thread::sleep(Duration::from_secs(11));
    assert_eq!(reserve().len(), 0, "there is not enough room for it");

    // Enough room: all is well by itself.
    std::fs::remove_file(place.data().join("filler")).unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    while reserve().len() == 0 {
        assert!(Instant::now() < until, "{}", server.log());
        std::thread::sleep(Duration::from_millis(200));
    }
    let fine = place.run(&doctor);
    assert!(!fine.out.contains("the reserve was"), "{fine:?}");
    let (ended, log) = server.terminate();
    assert_eq!(ended, 0, "{log}");
    place
        .run(&["verify-log", "--data", "data", "--key", "instance.key"])
        .must(0)
        .says("2 cases");
}
