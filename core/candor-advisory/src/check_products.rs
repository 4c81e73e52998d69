//! The part of [`crate::check`] about products and their versions: each
//! affected branch has an answer, and no version is two things at once.

use std::collections::BTreeSet;

use candor_base::{Body, Level, Line};

use crate::check::Checker;
use crate::draft::{FixDraft, ProductDraft, VersionsDraft};
use crate::model::{AffectedProduct, AffectedVersions, Fix};
use crate::versions::VersionRange;

impl Checker {
    pub(crate) fn products(&mut self, drafts: &[ProductDraft]) -> Vec<AffectedProduct> {
        if drafts.is_empty() {
            self.error(
                "product-missing",
                "No affected product is named.",
                "Name at least one product and its affected versions.",
            );
        }
        let mut names = BTreeSet::new();
        let mut products = Vec::new();
        for draft in self.bounded("products", drafts) {
            let Some(product) = self.product(draft) else {
                continue;
            };
            if !names.insert(product.name.as_str().to_lowercase()) {
                self.error(
                    "product-twice",
                    format!("The product {} is named twice.", product.name),
                    "Put all its versions under one entry.",
                );
            }
            self.contradictions(&product);
            products.push(product);
        }
        products
    }

    fn product(&mut self, draft: &ProductDraft) -> Option<AffectedProduct> {
        let help = "Name the product as its users know it.";
        let name = self.required("product name", &draft.name, help, Line::new);
        let vendor = self.optional("vendor", &draft.vendor, Line::new);
        let purl = self.optional("package address", &draft.purl, str::parse);
        if draft.purl.trim().is_empty() {
            self.add(
                Level::Note,
                "package-address-missing",
                format!("No package address is given for {}.", draft.name.trim()),
                "Add one like pkg:cargo/threatdex if it has one; scanners match by it.",
            );
        }
        let rows = self
            .bounded("lines of affected versions", &draft.affected)
            .iter();
        let affected: Vec<_> = rows.filter_map(|row| self.row(row)).collect();
        if draft.affected.is_empty() {
            self.error(
                "affected-versions-missing",
                format!("No affected versions are named for {}.", draft.name.trim()),
                "Write them like `>= 1.0, < 2.4.1` or `main before 4f2c9d1`, one line for each \
                 supported branch.",
            );
        }
        let not_affected = self
            .bounded("versions not affected", &draft.not_affected)
            .iter();
        let not_affected = not_affected
            .filter_map(|text| {
                self.optional("versions not affected", text, str::parse::<VersionRange>)
            })
            .collect();
        Some(AffectedProduct {
            name: name?,
            vendor,
            purl,
            affected,
            not_affected,
        })
    }

    fn row(&mut self, draft: &VersionsDraft) -> Option<AffectedVersions> {
        let help = "Write them like `>= 1.0, < 2.4.1` or `main before 4f2c9d1`.";
        let versions = self.required("affected versions", &draft.versions, help, str::parse);
        let reason = "Say in a sentence why, and what users can do instead.";
        let fix = match &draft.fix {
            FixDraft::Open => {
                let which = draft.versions.trim();
                self.error(
                    "fix-open",
                    format!("There is no answer yet for the affected versions {which}."),
                    "Name the version that fixes them, or say that no fix is planned and why.",
                );
                None
            }
            FixDraft::In(version) => {
                let help = "Name the first version that has the fix.";
                self.required("fixed version", version, help, str::parse)
                    .map(Fix::In)
            }
            FixDraft::NotPlanned(why) => self
                .required("reason for no fix", why, reason, Body::new)
                .map(Fix::NotPlanned),
            FixDraft::NotYet(why) => self
                .required("reason for no fix yet", why, reason, Body::new)
                .map(Fix::NotYet),
        };
        Some(AffectedVersions {
            versions: versions?,
            fix: fix?,
        })
    }

    /// The same versions cannot be affected and fixed or not affected.
    fn contradictions(&mut self, product: &AffectedProduct) {
        let mut affected = BTreeSet::new();
        for row in &product.affected {
            if !affected.insert(row.versions.constraints()) {
                self.error(
                    "versions-twice",
                    format!("{} {} stands twice.", product.name, row.versions),
                    "Keep one of the two lines.",
                );
            }
        }
        let fixed = product.affected.iter().filter_map(|row| match &row.fix {
            Fix::In(version) => Some(version.to_string()),
            _ => None,
        });
        let fixed: BTreeSet<String> = fixed.collect();
        let mut safe = BTreeSet::new();
        for range in &product.not_affected {
            let text = range.constraints();
            if affected.contains(&text) || fixed.contains(&text) || !safe.insert(text) {
                self.error(
                    "versions-contradict",
                    format!(
                        "{} {range} is named as not affected and a second time.",
                        product.name
                    ),
                    "Name each version once: affected, fixed, or not affected.",
                );
            }
        }
        for version in fixed.intersection(&affected) {
            self.error(
                "versions-contradict",
                format!(
                    "{} {version} is named as affected and as fixed.",
                    product.name
                ),
                "Name the first version that has the fix.",
            );
        }
    }
}
