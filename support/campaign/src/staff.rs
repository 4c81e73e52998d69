//! A member of the team with both factors.

use std::io::Result;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::head::Server;
use crate::http::{Answer, ask, post};

const PASS: &str = "a lantern in the long grass";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The session.
    pub cookie: String,
    /// The secret of the second factor.
    pub secret: String,
}

/// The code of the second factor, so many seconds from now.
pub(crate) fn totp(secret: &str, ahead: u64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(now + ahead).to_string()
}

impl Staff {
    /// Makes the first account of an instance.
    pub fn set_up(server: &Server, name: &str, email: &str) -> Self {
        let text = server.text();
        let mut lines = text.lines();
        let code = lines.find_map(|l| l.strip_prefix("Set-up code: ")).unwrap();
        let form = [
            ("code", code),
            ("login", "mia"),
            ("name", name),
            ("email", email),
            ("pass", PASS),
        ];
        let done = post(&server.base, "/desk/set-up", "", &form).unwrap();
        assert_eq!(done.status, 303, "{}", done.text);
        let half = done.cookie().unwrap();
        let cookie = [("Cookie", half.as_str())];
        let page = ask(&server.base, "GET", "/desk/enrol", &cookie, &[]).unwrap();
        let secret = page.between("id=\"secret\">", "<").unwrap().to_owned();
        let guard = page.guard().unwrap();
        let form = [("guard", guard), ("totp", &totp(&secret, 0))];
        let done = post(&server.base, "/desk/enrol", &half, &form).unwrap();
        assert_eq!(done.status, 200, "{}", done.text);
        Self {
            cookie: done.cookie().unwrap_or(half),
            secret,
        }
    }

    /// Signs in anew, at a server whose clock is so many seconds ahead.
    pub fn sign_in(&mut self, base: &str, ahead: u64) -> Result<()> {
        let totp = totp(&self.secret, ahead);
        let form = [("login", "mia"), ("pass", PASS), ("totp", totp.as_str())];
        let done = post(base, "/desk/sign-in", "", &form)?;
        self.cookie = done.cookie().unwrap_or_else(|| panic!("{}", done.text));
        Ok(())
    }

    /// A page of the desk.
    pub fn page(&self, base: &str, path: &str) -> Result<Answer> {
        ask(base, "GET", path, &[("Cookie", &self.cookie)], &[])
    }

    /// Does an act on a case by the form of its page.
    pub fn act(
        &self,
        base: &str,
        slug: &str,
        reference: &str,
        act: &str,
        fields: &[(&str, &str)],
    ) -> Result<Answer> {
        let path = format!("/desk/p/{slug}/cases/{reference}");
        let page = self.page(base, &path)?;
        let guard = page.guard().unwrap_or_default();
        let seq = page.between("name=\"seq\" value=\"", "\"").unwrap_or("0");
        let mut all = vec![("guard", guard), ("form", act), ("act", act), ("seq", seq)];
        all.extend_from_slice(fields);
        post(base, &format!("{path}/act"), &self.cookie, &all)
    }
}
