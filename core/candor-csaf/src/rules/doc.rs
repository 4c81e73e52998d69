//! A document as the tests look at it: products, groups and branches found once,
//! everything borrowed from the JSON.
//!
//! Invariant: nothing is taken for granted. A part with the wrong shape is skipped here;
//! the shape check has said so already.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Version;

/// The items of a list; none where there is no list.
pub(super) fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A text.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// The texts of a list with their places in it.
pub(super) fn texts<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (usize, &'a str)> {
    let list = items(value, key).iter().enumerate();
    list.filter_map(|(index, item)| Some((index, item.as_str()?)))
}

/// A branch of the product tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Branch<'a> {
    /// The branch it hangs on; `None` at the root.
    pub(super) above: Option<usize>,
    /// Its place among its neighbours.
    index: usize,
    /// The branch.
    pub(super) value: &'a Value,
}

/// Where a product is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// `/product_tree/full_product_names[]`
    Name(usize),
    /// The product of a branch, by its place in [`Doc::branches`].
    Branch(usize),
    /// `/product_tree/relationships[]/full_product_name`, or in 2.1
    /// `/product_tree/product_paths[]/full_product_name`
    Relation(usize),
}

/// A definition of a product.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product<'a> {
    /// Where.
    pub(super) at: At,
    /// The object with name and id.
    pub(super) value: &'a Value,
    /// Its id.
    pub(super) id: &'a str,
}

/// A document with its index.
#[derive(Debug)]
pub(crate) struct Doc<'a> {
    /// The version it is judged by.
    pub(super) version: Version,
    /// All of it.
    pub(super) root: &'a Value,
    /// `/document`
    pub(super) document: &'a Value,
    /// `/document/tracking`
    pub(super) tracking: &'a Value,
    /// `/product_tree`
    pub(super) tree: &'a Value,
    /// `/vulnerabilities`
    pub(super) vulnerabilities: &'a [Value],
    /// All branches, each after the one it hangs on.
    pub(super) branches: Vec<Branch<'a>>,
    /// All definitions of products in the order of the document.
    pub(super) products: Vec<Product<'a>>,
    /// The products of each group.
    pub(super) groups: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Doc<'a> {
    pub(crate) fn of(root: &'a Value, version: Version) -> Self {
        let part = |value: &'a Value, key: &str| value.get(key).unwrap_or(&Value::Null);
        let document = part(root, "document");
        let tree = part(root, "product_tree");
        let mut doc = Self {
            version,
            root,
            document,
            tracking: part(document, "tracking"),
            tree,
            vulnerabilities: items(root, "vulnerabilities"),
            branches: Vec::new(),
            products: Vec::new(),
            groups: BTreeMap::new(),
        };
        doc.grow(None, items(tree, "branches"));
        for (index, value) in items(tree, "full_product_names").iter().enumerate() {
            doc.define(At::Name(index), value);
        }
        for (index, relation) in items(tree, doc.relations()).iter().enumerate() {
            if let Some(value) = relation.get("full_product_name") {
                doc.define(At::Relation(index), value);
            }
        }
        for group in items(tree, "product_groups") {
            if let Some(id) = text(group, "group_id") {
                let members = texts(group, "product_ids").map(|(_, id)| id);
                doc.groups.entry(id).or_default().extend(members);
            }
        }
        doc
    }

    /// How the list of relations between products is called.
    pub(super) const fn relations(&self) -> &'static str {
        match self.version {
            Version::V20 => "relationships",
            Version::V21 => "product_paths",
        }
    }

    fn grow(&mut self, above: Option<usize>, list: &'a [Value]) {
        for (index, value) in list.iter().enumerate() {
            let here = self.branches.len();
            self.branches.push(Branch {
                above,
                index,
                value,
            });
            if let Some(product) = value.get("product") {
                self.define(At::Branch(here), product);
            }
            self.grow(Some(here), items(value, "branches"));
        }
    }

    fn define(&mut self, at: At, value: &'a Value) {
        if value.is_object() {
            let id = text(value, "product_id").unwrap_or("");
            self.products.push(Product { at, value, id });
        }
    }

    /// The place of a branch as a pointer.
    pub(super) fn branch_pointer(&self, branch: usize) -> String {
        let mut places = Vec::new();
        let mut next = Some(branch);
        while let Some(found) = next.and_then(|n| self.branches.get(n)) {
            places.push(found.index);
            next = found.above;
        }
        places
            .iter()
            .rev()
            .fold("/product_tree".to_owned(), |path, index| {
                format!("{path}/branches/{index}")
            })
    }

    /// The place of a definition as a pointer.
    pub(super) fn pointer(&self, at: At) -> String {
        match at {
            At::Name(index) => format!("/product_tree/full_product_names/{index}"),
            At::Branch(branch) => format!("{}/product", self.branch_pointer(branch)),
            At::Relation(index) => {
                format!(
                    "/product_tree/{}/{index}/full_product_name",
                    self.relations()
                )
            }
        }
    }

    /// `/document/category`, empty where there is none.
    pub(super) fn category(&self) -> &'a str {
        text(self.document, "category").unwrap_or("")
    }

    /// The products that a remediation, threat, flag or note speaks of, directly and
    /// through groups.
    pub(super) fn members(&self, value: &'a Value) -> impl Iterator<Item = &'a str> {
        let through = texts(value, "group_ids")
            .filter_map(|(_, id)| self.groups.get(id))
            .flatten()
            .copied();
        texts(value, "product_ids").map(|(_, id)| id).chain(through)
    }

    /// Whether the category is one of these.
    pub(super) fn is_one_of(&self, categories: &[&str]) -> bool {
        categories.contains(&self.category())
    }
}
