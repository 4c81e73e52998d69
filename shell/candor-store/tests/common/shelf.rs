//! A bucket in memory that can be out of reach, or full.
#![allow(unreachable_pub, reason = "shared by including it")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use candor_ports::{Objects, ObjectsError, SeenObject};

#[derive(Debug)]
pub struct Shelf {
    place: String,
    kept: Mutex<BTreeMap<String, (Vec<u8>, i64)>>,
    pub gone: AtomicBool,
    /// So many objects fit.
    pub most: AtomicUsize,
    /// How often it was asked for something.
    pub asked: AtomicUsize,
    /// The clock of the bucket.
    pub now: AtomicI64,
}

impl Shelf {
    pub fn new(place: &str, now: i64) -> Arc<Self> {
        Arc::new(Self {
            place: place.to_owned(),
            kept: Mutex::default(),
            gone: AtomicBool::new(false),
            most: AtomicUsize::new(usize::MAX),
            asked: AtomicUsize::new(0),
            now: AtomicI64::new(now),
        })
    }

    pub fn bucket(self: &Arc<Self>) -> Arc<dyn Objects> {
        Arc::clone(self) as Arc<dyn Objects>
    }

    pub fn names(&self) -> Vec<String> {
        self.kept.lock().unwrap().keys().cloned().collect()
    }

    pub fn bytes(&self) -> Vec<Vec<u8>> {
        let kept = self.kept.lock().unwrap();
        kept.values().map(|(bytes, _)| bytes.clone()).collect()
    }

    /// Changes one byte of each object.
    pub fn spoil(&self) {
        for (bytes, _) in self.kept.lock().unwrap().values_mut() {
            bytes[100] ^= 1;
        }
    }

    fn reach(&self) -> Result<(), ObjectsError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.gone.load(Ordering::SeqCst) {
            return Err(ObjectsError::Unreachable("it is a test".to_owned()));
        }
        Ok(())
    }
}

impl Objects for Shelf {
    fn place(&self) -> &str {
        &self.place
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), ObjectsError> {
        self.reach()?;
        if self.names().len() >= self.most.load(Ordering::SeqCst) {
            return Err(ObjectsError::Refused("it is full".to_owned()));
        }
        let new = (bytes.to_vec(), self.now.load(Ordering::SeqCst));
        let old = self.kept.lock().unwrap().insert(name.to_owned(), new);
        assert!(old.is_none(), "a name was used twice");
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ObjectsError> {
        self.reach()?;
        let kept = self.kept.lock().unwrap();
        Ok(kept.get(name).map(|(bytes, _)| bytes.clone()))
    }

    fn list(&self, under: &str) -> Result<Vec<SeenObject>, ObjectsError> {
        self.reach()?;
        let kept = self.kept.lock().unwrap();
        let seen = kept.iter().filter(|(name, _)| name.starts_with(under));
        Ok(seen
            .map(|(name, (_, written))| SeenObject {
                name: name.clone(),
                written: Some(*written),
            })
            .collect())
    }

    fn delete(&self, name: &str) -> Result<(), ObjectsError> {
        self.reach()?;
        self.kept.lock().unwrap().remove(name);
        Ok(())
    }
}
