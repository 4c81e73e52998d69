//! Which courier: SMTP by configuration, else files.

use std::path::Path;
use std::sync::Arc;

use candor_mail::{EmlCourier, Sender, SmtpCourier};
use candor_ports::Courier;

use crate::config::Config;
use crate::stop::Stop;

/// The courier that the configuration asks for.
pub(crate) fn courier(
    config: &Config,
    data: &Path,
    public_url: &str,
) -> Result<Arc<dyn Courier>, Stop> {
    let sender = sender(config, public_url)?;
    let pgp = Arc::new(candor_pgp::Pgp);
    if let Some(courier) = smtp(config, sender.clone())? {
        return Ok(Arc::new(courier.with_open_pgp(pgp)));
    }
    let courier = EmlCourier::new(data.join("mail"), sender);
    Ok(Arc::new(courier.with_open_pgp(pgp)))
}

/// The SMTP courier, when one is configured.
pub(crate) fn smtp(config: &Config, sender: Sender) -> Result<Option<SmtpCourier>, Stop> {
    config
        .smtp
        .as_ref()
        .map(|smtp| {
            SmtpCourier::new(&smtp.settings()?, sender)
                .map_err(|why| Stop::input(format!("In the configuration, smtp: {why}.")))
        })
        .transpose()
}

/// Who sends: as configured, else `candor@` the host of the public address.
pub(crate) fn sender(config: &Config, public_url: &str) -> Result<Sender, Stop> {
    if config.smtp.is_some() && config.mail_from.is_none() {
        return Err(Stop::input(
            "In the configuration, mail_from is missing: the address that mail comes from, \
             such as mail_from = \"security-reports@your.site\".",
        ));
    }
    let address = config
        .mail_from
        .clone()
        .unwrap_or_else(|| format!("candor@{}", host(public_url)));
    Sender::new(&address).or_else(|why| match config.mail_from {
        Some(_) => Err(Stop::input(format!(
            "In the configuration, mail_from: {why}."
        ))),
        // An address by number is no mail domain; the files still need a sender.
        None => Sender::new("candor@localhost").map_err(|w| Stop::environment(w.to_string())),
    })
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or("");
    let host = authority.rsplit_once(':').map_or(authority, |(h, _)| h);
    if host.is_empty() { "localhost" } else { host }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_follows_the_address_or_the_configuration() {
        let none = Config::default();
        assert_eq!(
            sender(&none, "https://reports.your.site")
                .unwrap()
                .address(),
            "candor@reports.your.site"
        );
        assert!(sender(&none, "http://127.0.0.1:8080").is_ok());
        let named = Config {
            mail_from: Some("a@b.test".to_owned()),
            ..Config::default()
        };
        assert_eq!(sender(&named, "https://x").unwrap().address(), "a@b.test");
        let wrong = Config {
            mail_from: Some("nobody".to_owned()),
            ..Config::default()
        };
        assert!(sender(&wrong, "https://x").is_err());
    }
}
