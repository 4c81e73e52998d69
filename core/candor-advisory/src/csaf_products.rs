//! The product tree of a CSAF document, the ids of its products, and what is
//! said about each.
//!
//! A product's id is its name, a blank and its version or range. These hold no
//! blank, so no two products share an id, and an id stays the same when the
//! advisory is updated.

use std::collections::{BTreeMap, BTreeSet};

use candor_base::Line;
use serde_json::{Value, json};

use crate::model::{Advisory, AffectedProduct, Fix};
use crate::versions::{VersionRange, percent};

/// Ids of the products by what is said about them.
#[derive(Default)]
pub(crate) struct Products {
    /// The branches of the product tree.
    pub(crate) branches: Vec<Value>,
    /// Affected products.
    pub(crate) affected: Vec<String>,
    /// Products with the fix.
    pub(crate) fixed: BTreeSet<String>,
    /// Products that are not affected.
    pub(crate) not_affected: Vec<String>,
    /// What is done about them, in the order of the advisory.
    pub(crate) answers: Vec<Answer>,
}

/// What is done about some affected versions of one product.
pub(crate) struct Answer {
    pub(crate) product: Line,
    pub(crate) fix: Fix,
    /// The ids of those versions.
    pub(crate) ids: Vec<String>,
}

fn product_id(product: &AffectedProduct, range: &VersionRange) -> String {
    format!("{} {}", product.name, range.constraints())
}

fn leaf(product: &AffectedProduct, range: &VersionRange) -> Value {
    let (category, name) = match range {
        VersionRange::One(version) => ("product_version", version.to_string()),
        VersionRange::Builds(words) if !words.is_range() => {
            ("product_version", words.as_str().to_owned())
        }
        VersionRange::All | VersionRange::Range(_) | VersionRange::Builds(_) => {
            ("product_version_range", range.vers())
        }
    };
    let mut full = json!({
        "name": format!("{} {}", product.name, range.words()),
        "product_id": product_id(product, range),
    });
    if let (Some(map), Some(purl)) = (full.as_object_mut(), &product.purl) {
        let purl = match range {
            VersionRange::One(version) => format!("{purl}@{}", percent(version.as_str())),
            _ => purl.to_string(),
        };
        map.insert(
            "product_identification_helper".to_owned(),
            json!({ "purl": purl }),
        );
    }
    json!({ "category": category, "name": name, "product": full })
}

impl Products {
    pub(crate) fn of(advisory: &Advisory) -> Self {
        let mut out = Self::default();
        let mut vendors: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for product in &advisory.content.products {
            let publisher = &advisory.issue.publisher.name;
            let vendor = product.vendor.as_ref().unwrap_or(publisher);
            let branch = json!({
                "category": "product_name",
                "name": product.name,
                "branches": out.product(product),
            });
            vendors.entry(vendor.as_str()).or_default().push(branch);
        }
        out.branches = vendors
            .into_iter()
            .map(|(name, branches)| json!({ "category": "vendor", "name": name, "branches": branches }))
            .collect();
        out
    }

    /// Notes what is said about one product; gives its leaves.
    fn product(&mut self, product: &AffectedProduct) -> Vec<Value> {
        let mut leaves = Vec::new();
        for row in &product.affected {
            let id = product_id(product, &row.versions);
            leaves.push(leaf(product, &row.versions));
            self.affected.push(id.clone());
            let same = |a: &&mut Answer| a.product == product.name && a.fix == row.fix;
            match self.answers.iter_mut().find(same) {
                Some(answer) => answer.ids.push(id),
                None => self.answers.push(Answer {
                    product: product.name.clone(),
                    fix: row.fix.clone(),
                    ids: vec![id],
                }),
            }
            if let Fix::In(version) = &row.fix {
                let fixed = VersionRange::One(version.clone());
                if self.fixed.insert(product_id(product, &fixed)) {
                    leaves.push(leaf(product, &fixed));
                }
            }
        }
        for range in &product.not_affected {
            leaves.push(leaf(product, range));
            self.not_affected.push(product_id(product, range));
        }
        leaves
    }
}
