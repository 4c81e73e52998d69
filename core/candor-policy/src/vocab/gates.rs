//! Words that keep a time from being a promise: denials, other people's times, "not before".
//!
//! Invariants: these words take promises away and never make one.
//!
//! Deliberately absent: which part of a sentence they rule over; see `grammar::gate`.

/// Words that deny; English words ending in "n't" count beside these.
pub(crate) const NEGATORS: &[&str] = &[
    "not", "cannot", "never", "no", "unable", "without", "neither", "nor", "hardly", "dont",
    "cant", "wont",
];

/// What is denied when nothing is promised; the beginnings of words.
pub(crate) const PLEDGES: &[&str] = &[
    "promis", "guarant", "commit", "assur", "ensur", "pledg", "warrant", "oblig", "expect", "able",
    "possible", "sla", "slas", "bound",
];

/// Words of other languages that deny, and what is denied, in either order.
pub(crate) const DENIALS: &[(&[&str], &[&str])] = &[
    // German
    (
        &[
            "nicht",
            "kein",
            "keine",
            "keinen",
            "keinerlei",
            "keiner",
            "nie",
            "niemals",
            "ohne",
        ],
        &[
            "garant",
            "versprech",
            "versprich",
            "zusicher",
            "zusag",
            "zugesicher",
            "zugesag",
            "gewähr",
            "erwart",
            "rechn",
            "verpflicht",
            "verbindlich",
            "können",
            "kann",
            "anspruch",
        ],
    ),
    // French
    (
        &["pas", "aucun", "aucune", "jamais", "sans", "ni"],
        &[
            "garant", "promet", "promess", "promis", "engag", "assur", "attend", "mesure",
            "pouvons", "peux", "tenu",
        ],
    ),
    // Spanish
    (
        &["no", "nunca", "sin", "ningún", "ninguna", "tampoco"],
        &[
            "garant",
            "promet",
            "promes",
            "compromet",
            "compromis",
            "asegur",
            "esper",
            "podemos",
            "puedo",
            "podremos",
        ],
    ),
    // Portuguese
    (
        &["não", "nao", "nunca", "sem", "nenhum", "nenhuma"],
        &[
            "garant",
            "promet",
            "promess",
            "compromet",
            "compromiss",
            "assegur",
            "esper",
            "podemos",
            "posso",
            "conseguimos",
        ],
    ),
    // Italian
    (
        &["non", "nessun", "nessuna", "senza", "mai"],
        &[
            "garan", "promett", "promess", "impegn", "assicur", "possiamo", "posso",
        ],
    ),
];

/// Denials in scripts that set no blanks between words.
pub(crate) const UNSPACED_DENIALS: &[&str] = &[
    "不保证",
    "不能保证",
    "无法保证",
    "不承诺",
    "不能承诺",
    "无法承诺",
    "不保證",
    "無法保證",
    "不承諾",
    "保証できません",
    "保証しません",
    "保証はできません",
    "保証はしません",
    "保証いたしません",
    "保証いたしかねます",
    "保証するものではありません",
    "約束できません",
    "約束はできません",
    "約束するものではありません",
];

/// Words that turn a denial into a bound: "not longer than 7 days".
pub(crate) const BOUNDS: &[&str] = &[
    "longer",
    "more",
    "later",
    "exceed",
    "exceeds",
    "beyond",
    "over",
    "only",
    "just",
    "mehr",
    "länger",
    "später",
    "nur",
    "plus",
    "tard",
    "au-delà",
    "seulement",
    "más",
    "mas",
    "tarde",
    "sólo",
    "solo",
    "mais",
    "além",
    "più",
    "oltre",
    "dépassera",
    "dépasser",
    "superará",
    "überschreiten",
];

/// Right before a time: it is the earliest moment and no deadline.
pub(crate) const NOT_BEFORE: &[&str] = &[
    "no earlier than",
    "not earlier than",
    "never earlier than",
    "no sooner than",
    "not sooner than",
    "at the earliest",
    "earliest",
    "not before",
    "never before",
    "no less than",
    "not less than",
    "not until",
    "only after",
    "frühestens",
    "frühestens nach",
    "nicht vor",
    "nicht früher als",
    "nicht vor ablauf von",
    "erst nach",
    "mindestens",
    "au plus tôt",
    "au plus tôt dans les",
    "pas avant",
    "au moins",
    "pas avant un délai de",
    "no antes de",
    "nunca antes de",
    "como pronto",
    "como muy pronto",
    "al menos",
    "por lo menos",
    "não antes de",
    "nunca antes de",
    "pelo menos",
    "non prima di",
    "almeno",
];

/// Behind a time: the same.
pub(crate) const EARLIEST: &[&str] = &[
    "at the earliest",
    "or later",
    "or more",
    "at minimum",
    "frühestens",
    "oder später",
    "au plus tôt",
    "ou plus tard",
    "como pronto",
    "como muy pronto",
    "o más tarde",
    "no mínimo",
];

/// Where a clause ends for good.
pub(crate) const BREAKS: &[&str] = &[
    "; ",
    ". ",
    " but ",
    " however",
    " although ",
    " though ",
    " — ",
    " – ",
    " aber ",
    " jedoch ",
    " sondern ",
    " mais ",
    " cependant",
    " pero ",
    " sino ",
    " sin embargo",
    " mas ",
    " porém",
    " ma ",
];

/// Where the project begins to speak anew, so that a denial before it is over.
pub(crate) const ANEW: &[&str] = &[
    ", we ",
    ", i ",
    ", our ",
    " and will ",
    " and we ",
    " and i ",
    " so we ",
    ", the team ",
    ", you will ",
    ", you can expect",
    ", you should ",
    " und wir ",
    ", wir ",
    ", antworten wir",
    ", nous ",
    " et nous ",
    ", le equipo",
    " y respond",
    ", respond",
];
