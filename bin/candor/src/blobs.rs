//! The part `[blobs]` of the configuration: a bucket for large texts and files; what the
//! server tidies there, and what `candor doctor` says of it.
//!
//! Invariants: the secret key is in no message; without the part there is no bucket.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use candor_base::{Instant, Sensitive};
use candor_bucket::{Bucket, Keys, Settings};
use candor_ports::{Objects, ObjectsError};
use candor_store::SealedStore;
use serde::Deserialize;

use crate::config::{self, Config};
use crate::doctor::{Check, State, check};
use crate::secret::{self, Ways, Whose};
use crate::serve::Bell;
use crate::stop::Stop;

/// Said where the secret key stands in the configuration itself.
pub(crate) const PLAIN_SECRET: &str = "The secret key of the bucket stands in the configuration \
    itself, where backups and colleagues find it. Put it into a file of its own and name that \
    in blobs.secret_key_file, or use blobs.secret_key_env or blobs.secret_key_command.";

/// Where keys stand when the configuration names none.
const ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const TOKEN: &str = "AWS_SESSION_TOKEN";

/// How often the bucket is tidied.
const SWEEP: Duration = Duration::from_hours(24);

/// A bucket.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Blobs {
    /// `s3://bucket/prefix`.
    url: String,
    /// The server; without one that of AWS in the region.
    endpoint: Option<String>,
    region: Option<String>,
    /// The name of the bucket stands in the path, not before the name of the server.
    path_style: Option<bool>,
    /// Without encryption also to another machine.
    #[serde(default)]
    plain_http: bool,
    /// Certificates in PEM, trusted instead of the public authorities.
    ca_file: Option<PathBuf>,
    /// The access key id. It is no secret.
    access_key: Option<String>,
    /// A file that holds the secret key.
    secret_key_file: Option<PathBuf>,
    /// The environment variable that holds it.
    secret_key_env: Option<String>,
    /// The command that prints it: a program and its arguments.
    secret_key_command: Option<Vec<String>>,
    /// The secret key itself. Works, and is warned of.
    #[serde(default, deserialize_with = "config::sensitive")]
    secret_key: Option<Sensitive<String>>,
}

impl Blobs {
    /// The secret key stands in the configuration itself.
    pub(crate) const fn has_plain_secret(&self) -> bool {
        self.secret_key.is_some()
    }

    fn keys(&self) -> Result<Keys, Stop> {
        let of_environment = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
        let secret = secret::one_of(
            &Whose::BUCKET,
            &Ways {
                file: self.secret_key_file.as_deref(),
                env: self.secret_key_env.as_deref(),
                command: self.secret_key_command.as_deref(),
                plain: self.secret_key.as_ref(),
            },
        )?;
        let id = self.access_key.clone().or_else(|| of_environment(ID));
        let token = match &secret {
            // A token belongs to the keys beside it.
            Some(_) => None,
            None => of_environment(TOKEN).map(Sensitive::new),
        };
        let secret = secret.or_else(|| of_environment(SECRET).map(Sensitive::new));
        match (id, secret) {
            (Some(id), Some(secret)) => Ok(Keys {
                id: Sensitive::new(id),
                secret,
                token,
            }),
            _ => Err(Stop::input(format!(
                "The keys of the bucket are missing. Name blobs.access_key and one of \
                 blobs.secret_key_file, blobs.secret_key_env and blobs.secret_key_command, or \
                 set {ID} and {SECRET}."
            ))),
        }
    }

    fn bucket(&self) -> Result<Bucket, Stop> {
        let trusted = match &self.ca_file {
            None => None,
            Some(file) => Some(std::fs::read(file).map_err(|why| {
                Stop::input(format!(
                    "The file of trusted certificates, blobs.ca_file {}, cannot be read: {why}.",
                    file.display()
                ))
            })?),
        };
        let settings = Settings {
            url: self.url.clone(),
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            path_style: self.path_style,
            plain_http: self.plain_http,
            trusted,
        };
        Bucket::new(&settings, &self.keys()?)
            .map_err(|why| Stop::input(format!("In the configuration, [blobs] is wrong: {why}.")))
    }
}

/// The bucket that a configuration names.
pub(crate) fn bucket(config: &Config) -> Result<Option<Arc<dyn Objects>>, Stop> {
    let bucket = config.blobs.as_ref().map(Blobs::bucket).transpose()?;
    Ok(bucket.map(|bucket| Arc::new(bucket) as Arc<dyn Objects>))
}

/// Starts the thread that removes what interrupted commits left in the bucket: once soon,
/// then daily.
pub(crate) fn start(store: &Arc<SealedStore>, bell: &Arc<Bell>) -> Option<JoinHandle<()>> {
    let (store, bell) = (Arc::clone(store), Arc::clone(bell));
    let work = move || {
        loop {
            match store.sweep_bucket(Instant::from(jiff::Timestamp::now())) {
                Ok(0) => {}
                Ok(objects) => tracing::info!(objects, "objects without a commit were removed"),
                Err(why) => tracing::warn!(%why, "the bucket could not be tidied"),
            }
            if bell.wait(SWEEP) {
                return;
            }
        }
    };
    std::thread::Builder::new()
        .name("bucket".to_owned())
        .spawn(work)
        .inspect_err(|why| tracing::error!(%why, "the thread of the bucket could not be started"))
        .ok()
}

/// What `candor doctor` says: the bucket takes, gives and forgets, and only for us.
pub(crate) fn looks(config: Option<&std::path::Path>) -> Option<Check> {
    const WHAT: &str = "bucket";
    // A configuration that cannot be read was said with the mail server.
    let config = config::load(config).ok()?;
    let blobs = config.blobs.as_ref()?;
    Some(match blobs.bucket() {
        Err(stop) => check(WHAT, State::Wrong, stop.message),
        Ok(bucket) => match probe(&bucket) {
            Err(why) => check(
                WHAT,
                State::Wrong,
                format!("{} cannot be used: {why}.", bucket.place()),
            ),
            Ok(Some(words)) => check(WHAT, State::Warning, words),
            Ok(None) => check(
                WHAT,
                State::Fine,
                format!(
                    "{} takes, gives and removes objects, and shows them to nobody without keys.",
                    bucket.place()
                ),
            ),
        },
    })
}

/// Puts, reads and removes an object of its own; a warning when others could read it.
fn probe(bucket: &Bucket) -> Result<Option<String>, ObjectsError> {
    let unlike = || ObjectsError::Refused("it gives back something else than it got".to_owned());
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|why| ObjectsError::Refused(why.to_string()))?;
    let name = format!("probe/{}", candor_base::BlobId::from_bytes(random));
    bucket.put(&name, &random)?;
    let seen = bucket.get(&name).and_then(|got| {
        if got.as_deref() == Some(random.as_slice()) {
            bucket.is_open_to_all(&name)
        } else {
            Err(unlike())
        }
    });
    bucket.delete(&name)?;
    let open = seen?;
    if bucket.get(&name)?.is_some() {
        return Ok(Some(format!(
            "{} still gives what was removed from it: what is erased stays there. Give the \
             key the right to remove objects, and see whether the bucket keeps them by a rule.",
            bucket.place()
        )));
    }
    Ok(open.then(|| {
        format!(
            "Anybody can read or list {}. What lies there is sealed, but sizes and times are \
             not. Close it to the public.",
            bucket.place()
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, String> {
        let config: Config = toml::from_str(text).map_err(|why| why.message().to_owned())?;
        assert!(!format!("{config:?}").contains("canary"));
        let found = bucket(&config).map_err(|stop| stop.message)?;
        Ok(found.map_or_else(|| "none".to_owned(), |bucket| bucket.place().to_owned()))
    }

    #[test]
    fn a_bucket_is_named_with_keys_from_elsewhere() {
        assert_eq!(parse("").unwrap(), "none");
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("secret");
        std::fs::write(&file, "canary-secret\n").unwrap();
        let line = format!("secret_key_file = \"{}\"\n", file.display());
        let named = "[blobs]\nurl = \"s3://reports/one\"\naccess_key = \"AK\"\n";
        assert_eq!(
            parse(&format!("{named}{line}")).unwrap(),
            "s3://reports/one"
        );
        let twice = format!("{named}{line}secret_key = \"canary\"\n");
        let said = parse(&twice).unwrap_err();
        assert!(
            said.contains("blobs.secret_key_file") && !said.contains("canary"),
            "{said}"
        );
        let plain = format!("{named}secret_key = \"canary\"\n");
        let config: Config = toml::from_str(&plain).unwrap();
        assert!(config.blobs.unwrap().has_plain_secret());
        let env = format!("{named}secret_key_env = \"CANDOR_NO_SUCH\"\n");
        assert!(parse(&env).unwrap_err().contains("CANDOR_NO_SUCH"));
    }

    #[test]
    fn what_is_not_safe_or_not_there_is_refused() {
        let named = "[blobs]\naccess_key = \"AK\"\nsecret_key = \"canary\"\n";
        for (lines, word) in [
            ("url = \"https://reports\"", "s3://bucket"),
            (
                "url = \"s3://reports\"\nendpoint = \"http://10.0.0.1:9000\"",
                "plain_http",
            ),
            (
                "url = \"s3://reports\"\nca_file = \"/nowhere/ca.pem\"",
                "/nowhere/ca.pem",
            ),
            (
                "url = \"s3://reports\"\nca_file = \"/dev/null\"",
                "no certificate",
            ),
            ("url = \"s3://reports\"\nbuckt = 1", "buckt"),
        ] {
            let said = parse(&format!("{named}{lines}\n")).unwrap_err();
            assert!(said.contains(word) && !said.contains("canary"), "{said}");
        }
        let allowed = "url = \"s3://reports\"\nendpoint = \"http://10.0.0.1\"\nplain_http = true";
        assert!(parse(&format!("{named}{allowed}\n")).is_ok());
    }
}
