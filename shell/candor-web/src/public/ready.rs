//! Empty report forms that are written already: a form is the same for everybody but for
//! its nonce.
//!
//! Invariants: a page is kept for one version of a policy under one name, and one page for
//! a program; no nonce is kept. Deliberately absent: forms with anything typed into them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::response::{Html, IntoResponse as _, Response};
use candor_app::ReadyForm;
use candor_base::Digest;

use crate::answer::for_forms;

/// A page around its nonce, and what it was made of.
#[derive(Debug)]
struct Page {
    policy: Digest,
    name: String,
    before: String,
    behind: String,
}

/// The pages by program.
#[derive(Debug, Default)]
pub(crate) struct ReadyForms(Mutex<BTreeMap<String, Arc<Page>>>);

impl ReadyForms {
    /// The form, when it was written before.
    pub(crate) fn page(&self, slug: &str, form: &ReadyForm) -> Option<Response> {
        let page = {
            let pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(pages.get(slug)?)
        };
        if page.policy != form.policy || page.name != form.name {
            return None;
        }
        let html = [
            page.before.as_str(),
            form.nonce.as_str(),
            page.behind.as_str(),
        ]
        .concat();
        Some(for_forms(Html(html).into_response()))
    }

    /// Keeps a page that was just written with this form's nonce. Only for programs that
    /// are there, so that there are as many pages as programs.
    pub(crate) fn keep(&self, slug: &str, form: &ReadyForm, html: &str) {
        // A nonce that stood there twice would be shown to others in its second place.
        let mut parts = html.split(form.nonce.as_str());
        if let (Some(before), Some(behind), None) = (parts.next(), parts.next(), parts.next()) {
            let page = Page {
                policy: form.policy,
                name: form.name.clone(),
                before: before.to_owned(),
                behind: behind.to_owned(),
            };
            let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            pages.insert(slug.to_owned(), Arc::new(page));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(policy: u8, name: &str, nonce: &str) -> ReadyForm {
        ReadyForm {
            policy: Digest::from_bytes([policy; 32]),
            name: name.to_owned(),
            nonce: nonce.to_owned(),
        }
    }

    #[test]
    fn a_page_is_shown_for_its_version_and_name_and_no_other() {
        let forms = ReadyForms::default();
        let first = form(1, "Lamp", "AAAA");
        assert!(forms.page("lamp", &first).is_none());
        forms.keep("lamp", &first, "<i>AAAA</i>");
        assert!(forms.page("lamp", &form(1, "Lamp", "BBBB")).is_some());
        assert!(forms.page("lamp", &form(2, "Lamp", "BBBB")).is_none());
        assert!(forms.page("lamp", &form(1, "Lantern", "BBBB")).is_none());
        assert!(forms.page("other", &first).is_none());
    }

    #[tokio::test]
    async fn each_form_has_its_own_nonce() {
        let forms = ReadyForms::default();
        forms.keep("lamp", &form(1, "Lamp", "AAAA"), "<i>AAAA</i>");
        let page = forms.page("lamp", &form(1, "Lamp", "BBBB")).unwrap();
        let bytes = axum::body::to_bytes(page.into_body(), 1_000).await.unwrap();
        assert_eq!(bytes, "<i>BBBB</i>".as_bytes());
        forms.keep("twice", &form(1, "Lamp", "AAAA"), "<i>AAAA</i><b>AAAA</b>");
        assert!(forms.page("twice", &form(1, "Lamp", "BBBB")).is_none());
    }
}
