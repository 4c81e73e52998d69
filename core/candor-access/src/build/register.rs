//! The register of releases, from a permit and the policy in force.

use candor_policy::{PolicyInForce, branches, next_versions, release_supported};

use crate::permit::{Action, Permit};
use crate::view::{RegisterView, ReleaseLine};

/// The register; `None` without the right to the settings of its program.
pub fn build_register(permit: &Permit, policy: &PolicyInForce) -> Option<RegisterView> {
    if permit.action() != Action::Settings || !permit.is_team() {
        return None;
    }
    let settings = &policy.settings;
    Some(RegisterView {
        program: permit.program().to_string(),
        releases: settings
            .releases
            .iter()
            .map(|r| ReleaseLine {
                version: r.version.clone(),
                support: if release_supported(policy, r) {
                    "supported"
                } else {
                    "unsupported"
                }
                .to_owned(),
                said_by: if r.supported.is_some() {
                    "the owner"
                } else {
                    "the policy"
                }
                .to_owned(),
                date: r.date.map(|d| d.to_string()),
            })
            .collect(),
        branches: branches(policy)
            .into_iter()
            .map(|b| (b.label, b.latest))
            .collect(),
        next_versions: next_versions(policy),
        next_release: settings.next_release.map(|d| d.to_string()),
    })
}
