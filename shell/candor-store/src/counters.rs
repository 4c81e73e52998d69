//! What is remembered for a short while: tries, letters, sentences.

use candor_base::{Digest, Instant};
use candor_ports::{Change, Counters, Entry, StoreError};

use crate::db::{change as write, count, one, params};
use crate::sql;
use crate::store::SealedStore;

impl Counters for SealedStore {
    fn count(&self, keys: &[Digest], now: Instant, change: Change) -> Result<(), StoreError> {
        let keys: Vec<Digest> = keys.to_vec();
        self.writer.run(move |tx| {
            let mut found = Vec::with_capacity(keys.len());
            for key in &keys {
                let asked = params![key.as_bytes(), now.unix()];
                found.push(one(tx, sql::COUNTER_SELECT, asked, |row| row.get(0))?);
            }
            match change(&found) {
                Entry::Keep => {}
                Entry::Put(value, until) => {
                    if let Some(key) = keys.first() {
                        let row = params![key.as_bytes(), value, until.unix()];
                        write(tx, sql::COUNTER_UPSERT, row)?;
                    }
                }
                Entry::Remove => {
                    for key in &keys {
                        write(tx, sql::COUNTER_DELETE, params![key.as_bytes()])?;
                    }
                }
            }
            Ok(())
        })
    }

    fn counted(&self, key: &Digest, now: Instant) -> Result<Option<String>, StoreError> {
        self.readers.read(|conn| {
            let asked = params![key.as_bytes(), now.unix()];
            one(conn, sql::COUNTER_SELECT, asked, |row| row.get(0))
        })
    }

    fn sweep_counters(&self, now: Instant, most: u32) -> Result<u64, StoreError> {
        self.writer.run(move |tx| {
            let ended = write(tx, sql::COUNTER_SWEEP, params![now.unix()])?;
            let left = one(tx, sql::COUNTER_NUMBER, params![], |row| row.get(0))?;
            let over = count(left.unwrap_or(0))?.saturating_sub(u64::from(most));
            let over = u32::try_from(over).unwrap_or(u32::MAX);
            let shortened = if over > 0 {
                write(tx, sql::COUNTER_SHORTEN, params![over])?
            } else {
                0
            };
            Ok(u64::try_from(ended + shortened).unwrap_or(u64::MAX))
        })
    }
}
