//! What is kept among the settings as JSON: one way to write it and one to read it.
//!
//! Deliberately absent: reading of what may be lost without harm; who does that asks the store
//! and goes on without.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::input::Fault;

impl App {
    /// What is kept under a name; `what` it is, for the operator, where it cannot be read.
    pub(crate) fn kept<T: DeserializeOwned>(
        &self,
        key: &str,
        what: &str,
    ) -> Result<Option<T>, Fault> {
        let json = self.store().setting(key)?;
        let kept = json.map(|json| serde_json::from_str(&json)).transpose();
        kept.map_err(|_| Fault::inside(format!("{what} cannot be read")))
    }

    /// Keeps this under a name; `None`: nothing stands there any more.
    pub(crate) fn keep<T: Serialize>(&self, key: &str, value: Option<&T>) -> Result<(), Fault> {
        let json = value.map(serde_json::to_string).transpose();
        let json = json.map_err(|why| Fault::inside(format!("a setting: {why}")))?;
        Ok(self.store().put_setting(key, json.as_deref())?)
    }
}
