//! The patterns of the schemas, each with its meaning in words.
//!
//! They are written as the schemas write them, but `\d` is `[0-9]`: in the language
//! of JSON schemas it means those ten digits alone.

use std::sync::LazyLock;

use regex::Regex;

/// A pattern by its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Pattern {
    Phrase,
    Language,
    Trimmed,
    VersionNumber,
    Cpe20,
    Hash20,
    Purl20,
    Cve,
    Cwe,
    SharingGroup,
    Cpe21,
    HashName,
    Hash21,
    Purl21,
    CweVersion,
    Fraction,
    Cvss2,
    Cvss30,
    Cvss31,
    Cvss4,
    SsvcNamespace,
    SsvcKey,
    SemanticVersion,
    ExtensionSchema,
    OsvId,
    OsvEcosystem,
    OsvTime,
    GitCommit,
}

/// Patterns and their meanings, in the order of the names.
const TABLE: &[(&str, &str)] = &[
    // Phrase
    (
        r"^[^\s\-_\.](.*[^\s\-_\.])?$",
        "a word or phrase that begins and ends with a letter or digit, not with a blank, `-`, `_` or `.`",
    ),
    // Language
    (
        r"^(([A-Za-z]{2,3}(-[A-Za-z]{3}(-[A-Za-z]{3}){0,2})?|[A-Za-z]{4,8})(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[A-WY-Za-wy-z0-9](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?|[Xx](-[A-Za-z0-9]{1,8})+|[Ii]-[Dd][Ee][Ff][Aa][Uu][Ll][Tt]|[Ii]-[Mm][Ii][Nn][Gg][Oo])$",
        "a language tag (BCP 47)",
    ),
    // Trimmed
    (r"^[\S](.*[\S])?$", "a text without blanks at its ends"),
    // VersionNumber
    (
        r"^(0|[1-9][0-9]*)$|^((0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:-((?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?)$",
        "a version: a whole number or three numbers as Semantic Versioning has them",
    ),
    // Cpe20
    (
        r##"^(cpe:2\.3:[aho\*\-](:(((\?*|\*?)([a-zA-Z0-9\-\._]|(\\[\\\*\?!"#\$%&'\(\)\+,/:;<=>@\[\]\^`\{\|\}~]))+(\?*|\*?))|[\*\-])){5}(:(([a-zA-Z]{2,3}(-([a-zA-Z]{2}|[0-9]{3}))?)|[\*\-]))(:(((\?*|\*?)([a-zA-Z0-9\-\._]|(\\[\\\*\?!"#\$%&'\(\)\+,/:;<=>@\[\]\^`\{\|\}~]))+(\?*|\*?))|[\*\-])){4})|([c][pP][eE]:/[AHOaho]?(:[A-Za-z0-9\._\-~%]*){0,6})$"##,
        "a CPE name (2.2 or 2.3)",
    ),
    // Hash20
    (
        r"^[0-9a-fA-F]{32,}$",
        "a hash of at least 32 hexadecimal digits",
    ),
    // Purl20
    (
        r"^pkg:[A-Za-z\.\-\+][A-Za-z0-9\.\-\+]*/.+",
        "a package address (purl)",
    ),
    // Cve
    (r"^CVE-[0-9]{4}-[0-9]{4,}$", "a CVE id, like CVE-2026-12345"),
    // Cwe
    (r"^CWE-[1-9][0-9]{0,5}$", "a CWE id, like CWE-79"),
    // SharingGroup
    (
        r"^(([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})|([0]{8}-([0]{4}-){3}[0]{12})|([f]{8}-([f]{4}-){3}[f]{12}))$",
        "the id of a sharing group: a random UUID, or one of only `0` or only `f`",
    ),
    // Cpe21
    (
        r##"^((cpe:2\.3:[aho\*\-](:(((\?*|\*?)([a-zA-Z0-9\-\._]|(\\[\\\*\?!"#\$%&'\(\)\+,/:;<=>@\[\]\^`\{\|\}~]))+(\?*|\*?))|[\*\-])){5}(:(([a-zA-Z]{2,3}(-([a-zA-Z]{2}|[0-9]{3}))?)|[\*\-]))(:(((\?*|\*?)([a-zA-Z0-9\-\._]|(\\[\\\*\?!"#\$%&'\(\)\+,/:;<=>@\[\]\^`\{\|\}~]))+(\?*|\*?))|[\*\-])){4})|([c][pP][eE]:/[AHOaho]?(:[A-Za-z0-9\._\-~%]*){0,6}))$"##,
        "a CPE name (2.2 or 2.3)",
    ),
    // HashName
    (
        r"^[0-9a-z][0-9a-z-]*$",
        "the name of a hash algorithm in small letters",
    ),
    // Hash21
    (
        r"^[0-9a-f]{32,}$",
        "a hash of at least 32 hexadecimal digits in small letters",
    ),
    // Purl21
    (
        r"^pkg:[a-z][a-z0-9\.\-]*/.+",
        "a package address (purl) with its kind in small letters",
    ),
    // CweVersion
    (
        r"^[1-9][0-9]*\.([0-9]|([1-9][0-9]+))(\.[0-9]+)?$",
        "a version of the CWE list, like 4.20",
    ),
    // Fraction
    (
        r"^(([0]\.([0-9])+)|([1]\.[0]+))$",
        "a number from 0 to 1 with decimals, like 0.5",
    ),
    // Cvss2
    (
        r"^((AV:[NAL]|AC:[LMH]|Au:[MSN]|[CIA]:[NPC]|E:(U|POC|F|H|ND)|RL:(OF|TF|W|U|ND)|RC:(UC|UR|C|ND)|CDP:(N|L|LM|MH|H|ND)|TD:(N|L|M|H|ND)|[CIA]R:(L|M|H|ND))/)*(AV:[NAL]|AC:[LMH]|Au:[MSN]|[CIA]:[NPC]|E:(U|POC|F|H|ND)|RL:(OF|TF|W|U|ND)|RC:(UC|UR|C|ND)|CDP:(N|L|LM|MH|H|ND)|TD:(N|L|M|H|ND)|[CIA]R:(L|M|H|ND))$",
        "a CVSS 2.0 vector",
    ),
    // Cvss30
    (
        r"^CVSS:3[.]0/((AV:[NALP]|AC:[LH]|PR:[NLH]|UI:[NR]|S:[UC]|[CIA]:[NLH]|E:[XUPFH]|RL:[XOTWU]|RC:[XURC]|[CIA]R:[XLMH]|MAV:[XNALP]|MAC:[XLH]|MPR:[XNLH]|MUI:[XNR]|MS:[XUC]|M[CIA]:[XNLH])/)*(AV:[NALP]|AC:[LH]|PR:[NLH]|UI:[NR]|S:[UC]|[CIA]:[NLH]|E:[XUPFH]|RL:[XOTWU]|RC:[XURC]|[CIA]R:[XLMH]|MAV:[XNALP]|MAC:[XLH]|MPR:[XNLH]|MUI:[XNR]|MS:[XUC]|M[CIA]:[XNLH])$",
        "a CVSS 3.0 vector",
    ),
    // Cvss31
    (
        r"^CVSS:3[.]1/((AV:[NALP]|AC:[LH]|PR:[NLH]|UI:[NR]|S:[UC]|[CIA]:[NLH]|E:[XUPFH]|RL:[XOTWU]|RC:[XURC]|[CIA]R:[XLMH]|MAV:[XNALP]|MAC:[XLH]|MPR:[XNLH]|MUI:[XNR]|MS:[XUC]|M[CIA]:[XNLH])/)*(AV:[NALP]|AC:[LH]|PR:[NLH]|UI:[NR]|S:[UC]|[CIA]:[NLH]|E:[XUPFH]|RL:[XOTWU]|RC:[XURC]|[CIA]R:[XLMH]|MAV:[XNALP]|MAC:[XLH]|MPR:[XNLH]|MUI:[XNR]|MS:[XUC]|M[CIA]:[XNLH])$",
        "a CVSS 3.1 vector",
    ),
    // Cvss4
    (
        r"^CVSS:4[.]0/AV:[NALP]/AC:[LH]/AT:[NP]/PR:[NLH]/UI:[NPA]/VC:[HLN]/VI:[HLN]/VA:[HLN]/SC:[HLN]/SI:[HLN]/SA:[HLN](/E:[XAPU])?(/CR:[XHML])?(/IR:[XHML])?(/AR:[XHML])?(/MAV:[XNALP])?(/MAC:[XLH])?(/MAT:[XNP])?(/MPR:[XNLH])?(/MUI:[XNPA])?(/MVC:[XNLH])?(/MVI:[XNLH])?(/MVA:[XNLH])?(/MSC:[XNLH])?(/MSI:[XNLHS])?(/MSA:[XNLHS])?(/S:[XNP])?(/AU:[XNY])?(/R:[XAUI])?(/V:[XDC])?(/RE:[XLMH])?(/U:(X|Clear|Green|Amber|Red))?$",
        "a CVSS 4.0 vector with its metrics in order",
    ),
    // SsvcNamespace
    (
        r"^(x_([a-z]|[0-9])(((([a-z]|[0-9])|-)){0,61}([a-z]|[0-9]))?(\.([a-z]|[0-9])(((([a-z]|[0-9])|-)){0,61}([a-z]|[0-9]))?)+#(([a-z]|[0-9]))+((\.|-)(([a-z]|[0-9]))+)*|[a-z]([a-z]|[0-9])(((\.|-))?(([a-z]|[0-9]))+)+(#(([a-z]|[0-9]))+((\.|-)(([a-z]|[0-9]))+)*)?)((/|/(([a-zA-Z]{2,3}(-[a-zA-Z]{3}(-[a-zA-Z]{3}){0,2})?|[a-zA-Z]{4,8})(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?(-(([a-zA-Z0-9]){5,8}|[0-9]([a-zA-Z0-9]){3}))*(-[0-9A-WY-Za-wy-z](-([a-zA-Z0-9]){2,8})+)*(-[xX](-([a-zA-Z0-9]){2,8})+)?|[xX](-([a-zA-Z0-9]){2,8})+|i-default|i-mingo))((/((([a-zA-Z]{2,3}(-[a-zA-Z]{3}(-[a-zA-Z]{3}){0,2})?|[a-zA-Z]{4,8})(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?(-(([a-zA-Z0-9]){5,8}|[0-9]([a-zA-Z0-9]){3}))*(-[0-9A-WY-Za-wy-z](-([a-zA-Z0-9]){2,8})+)*(-[xX](-([a-zA-Z0-9]){2,8})+)?|[xX](-([a-zA-Z0-9]){2,8})+|i-default|i-mingo)|\.([a-z]|[0-9])(((([a-z]|[0-9])|-)){0,61}([a-z]|[0-9]))?(\.([a-z]|[0-9])(((([a-z]|[0-9])|-)){0,61}([a-z]|[0-9]))?)+#(([a-z]|[0-9]))+((\.|-)(([a-z]|[0-9]))+)*|\.(([a-z]|[0-9])(((([a-z]|[0-9])|-)){0,61}([a-z]|[0-9]))?(\.([a-z]|[0-9])(((([a-z]|[0-9])|-)){0,61}([a-z]|[0-9]))?)+|([a-z]|[0-9])(((([a-z]|[0-9])|-)){0,61}([a-z]|[0-9]))?(\.([a-z]|[0-9])(((([a-z]|[0-9])|-)){0,61}([a-z]|[0-9]))?)+#(([a-z]|[0-9]))+((\.|-)(([a-z]|[0-9]))+)*)\$(([a-zA-Z]{2,3}(-[a-zA-Z]{3}(-[a-zA-Z]{3}){0,2})?|[a-zA-Z]{4,8})(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?(-(([a-zA-Z0-9]){5,8}|[0-9]([a-zA-Z0-9]){3}))*(-[0-9A-WY-Za-wy-z](-([a-zA-Z0-9]){2,8})+)*(-[xX](-([a-zA-Z0-9]){2,8})+)?|[xX](-([a-zA-Z0-9]){2,8})+|i-default|i-mingo)))+)?)?$",
        "an SSVC namespace",
    ),
    // SsvcKey
    (
        r"^(([a-zA-Z0-9])|([a-zA-Z0-9][a-zA-Z0-9_]*[a-zA-Z0-9])|(T\*))$",
        "an SSVC key",
    ),
    // SemanticVersion
    (
        r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:-((?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$",
        "a version as Semantic Versioning has it, like 1.0.0",
    ),
    // ExtensionSchema
    (
        r"^https://[a-z0-9](([a-z0-9-]){0,61}[a-z0-9])?(\.[a-z0-9](([a-z0-9-]){0,61}[a-z0-9])?)+/([^/\s]+/)*[^/\s]+_(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:-((?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?\.json$",
        "the address of the schema of an extension, with its version in the name",
    ),
    // OsvId
    (
        r"^(x_|(ASB-A|PUB-A|ALPINE|ALSA|ALBA|ALEA|AZL|BELL|BIT|CGA|CLEANSTART|CLSA|CURL|CVE|DEBIAN|DHI|DRUPAL|DSA|DLA|ELA|DTSA|ECHO|EEF|FreeBSD|GHSA|GO|GSD|HSEC|JLSEC|KUBE|LBSEC|LSN|MAL|MINI|MGASA|OESA|OSEC|OSV|openSUSE-SU|PHSA|PSF|PYSEC|RHBA|RHEA|RHSA|RLSA|RXSA|RSEC|ROOT|RUSTSEC|SUSE-[SRFO]U|UBUNTU|USN|V8)-)",
        "an OSV id: the prefix of a known database, or `x_`",
    ),
    // OsvEcosystem
    (
        r"^(AlmaLinux|Alpaquita|Alpine|Android|Azure Linux|BellSoft Hardened Containers|Bioconductor|Bitnami|Chainguard|CleanStart|ConanCenter|CRAN|crates\.io|Debian|Docker Hardened Images|Echo|FreeBSD|GHC|GitHub Actions|Go|Hackage|Hex|Julia|Kubernetes|Linux|Mageia|Maven|MinimOS|npm|NuGet|opam|openEuler|openSUSE|OSS-Fuzz|Packagist|Photon OS|Pub|PyPI|Red Hat|Rocky Linux|Root|RubyGems|SUSE|SwiftURL|TuxCare|Ubuntu|VSCode|Wolfi|GIT)(:.+)?$",
        "an ecosystem that OSV knows, with or without a suffix after `:`",
    ),
    // OsvTime
    (
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z",
        "an instant in UTC, like 2026-11-22T10:00:00Z",
    ),
    // GitCommit
    (
        r"^(0|[a-f0-9]{40}|[a-f0-9]{64})$",
        "a whole commit id of git, or 0",
    ),
];

static COMPILED: LazyLock<Vec<Option<Regex>>> = LazyLock::new(|| {
    TABLE
        .iter()
        .map(|(text, _)| Regex::new(text).ok())
        .collect()
});

/// The place that the schema of an extension must not name: that of the frame itself.
static FRAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^https://docs\.oasis-open\.org/csaf/csaf/v2\.1/([^/\s]+/)*schema/extension-content\.json",
    )
    .ok()
});

impl Pattern {
    /// Whether a text fits.
    pub(super) fn fits(self, text: &str) -> bool {
        let fits = |regex: &Option<Regex>| regex.as_ref().is_some_and(|r| r.is_match(text));
        COMPILED.get(self as usize).is_some_and(fits)
            && !(self == Self::ExtensionSchema && fits(&FRAME))
    }

    /// What it stands for, after "the text is not".
    pub(super) fn words(self) -> &'static str {
        TABLE.get(self as usize).map_or("", |(_, words)| words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles_and_has_words() {
        assert_eq!(TABLE.len(), Pattern::GitCommit as usize + 1);
        for (regex, (text, words)) in COMPILED.iter().zip(TABLE) {
            assert!(regex.is_some() && !words.is_empty(), "{text}");
        }
        assert!(FRAME.is_some());
    }
}
