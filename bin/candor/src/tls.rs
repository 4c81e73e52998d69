//! `[tls]` of the configuration: a certificate of one's own, so that no proxy is needed.
//!
//! Invariants: a start with files that do not fit together is refused; files that change are
//! taken up while the server runs, and what cannot be read or does not fit leaves the certificate
//! that was good until then; TLS 1.2 and 1.3, nothing older; the key is never part of a message.
//!
//! Deliberately absent: asking an authority for certificates (ACME), and when a certificate ends:
//! whoever renews it knows.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use serde::Deserialize;
use tokio_rustls::TlsAcceptor;

use crate::serve::Bell;
use crate::stop::Stop;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// Where certificate and key lie.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    /// The certificate and those between it and an authority, in PEM, its own first.
    certificate: PathBuf,
    /// Its private key, in PEM.
    key: PathBuf,
    /// An address where requests in clear are sent on to the encrypted one.
    pub(crate) redirect: Option<SocketAddr>,
}

/// The certificate that is shown, and where it came from.
pub(crate) struct Pair {
    files: Tls,
    current: RwLock<Arc<CertifiedKey>>,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pair")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Pair {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

/// What the files hold; else what is wrong, in a sentence.
fn read(files: &Tls) -> Result<CertifiedKey, String> {
    let wrong = |which: &str, path: &Path, why: &dyn std::fmt::Display| {
        format!("tls.{which} {} cannot be used: {why}.", path.display())
    };
    let chain = |why: &dyn std::fmt::Display| wrong("certificate", &files.certificate, why);
    let found = CertificateDer::pem_file_iter(&files.certificate).map_err(|why| chain(&why))?;
    let found: Vec<_> = found.collect::<Result<_, _>>().map_err(|why| chain(&why))?;
    if found.is_empty() {
        return Err(chain(&"there is no certificate in it"));
    }
    let of_key = |why: &dyn std::fmt::Display| wrong("key", &files.key, why);
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|why| of_key(&why))?;
    CertifiedKey::from_der(found, key, &default_provider())
        .map_err(|why| of_key(&format!("with this certificate, {why}")))
}

impl Tls {
    /// Reads certificate and key.
    pub(crate) fn open(&self) -> Result<Arc<Pair>, Stop> {
        let current = read(self).map_err(|why| {
            Stop::input(format!(
                "{why} Name the file with the whole chain in tls.certificate, and its private key, \
                 both in PEM, readable for the user of this server."
            ))
        })?;
        if everybody_reads(&self.key) {
            tracing::warn!(
                "every user of this machine can read {}: chmod o= it",
                self.key.display()
            );
        }
        Ok(Arc::new(Pair {
            files: self.clone(),
            current: RwLock::new(Arc::new(current)),
        }))
    }
}

/// Whether others than owner and group read a file.
fn everybody_reads(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|file| file.permissions().mode() & 0o004 != 0)
}

impl Pair {
    fn current(&self) -> Arc<CertifiedKey> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }

    /// What takes connections with it.
    pub(crate) fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, Stop> {
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|why| Stop::environment(format!("TLS cannot be set up: {why}.")))?;
        let shown: Arc<dyn ResolvesServerCert> = self.clone();
        let mut config = config.with_no_client_auth().with_cert_resolver(shown);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Takes the files up when they changed; true when they did.
    fn look(&self) -> Result<bool, String> {
        let found = read(&self.files)?;
        if found.cert == self.current().cert {
            return Ok(false);
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(found);
        Ok(true)
    }

    /// Looks at the files from time to time, on a thread of its own.
    pub(crate) fn keep_fresh(
        self: &Arc<Self>,
        bell: &Arc<Bell>,
    ) -> Option<std::thread::JoinHandle<()>> {
        let (pair, bell) = (Arc::clone(self), Arc::clone(bell));
        let look = move || {
            let mut said = String::new();
            while !bell.wait(LOOK) {
                match pair.look() {
                    Ok(changed) => {
                        said.clear();
                        if changed {
                            tracing::info!("the new certificate is shown from now on");
                        }
                    }
                    // Files are often written one after the other: the next look finds both.
                    Err(why) if why != said => {
                        tracing::error!(%why, "the certificate until now stays");
                        said = why;
                    }
                    Err(_) => {}
                }
            }
        };
        std::thread::Builder::new()
            .name("tls".to_owned())
            .spawn(look)
            .inspect_err(|why| tracing::error!(error = %why, "the certificate is not renewed"))
            .ok()
    }
}
