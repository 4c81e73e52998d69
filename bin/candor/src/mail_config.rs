//! `[mail_in]` of the configuration: where mail is taken, and for which addresses.
//!
//! Invariant: mail is taken on this machine only: LMTP has no sign-in and no encryption.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use candor_app::MailConfig;
use candor_mail::Sender;
use serde::Deserialize;

use crate::stop::Stop;

/// Mail that the site's mail server hands over.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailIn {
    /// `127.0.0.1:2424`, or `unix:/run/candor/lmtp`.
    listen: String,
    /// Addresses and the program each belongs to, beside those that the policies name.
    #[serde(default)]
    addresses: BTreeMap<String, String>,
    /// Answers go to this address, with a tail behind a plus.
    answers: Option<String>,
    /// The name under which the mail server writes down its checks of the sender.
    checks_by: Option<String>,
}

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listen {
    /// A port of this machine.
    Port(SocketAddr),
    /// A socket in the file system.
    Socket(PathBuf),
}

fn wrong(what: &str) -> Stop {
    Stop::input(format!("In the configuration, mail_in.{what}"))
}

fn is_address(text: &str) -> bool {
    Sender::new(text).is_ok() && !text.contains('+')
}

impl MailIn {
    /// Where to listen.
    pub(crate) fn listen(&self) -> Result<Listen, Stop> {
        if let Some(path) = self.listen.strip_prefix("unix:") {
            let path = PathBuf::from(path);
            return if path.is_absolute() {
                Ok(Listen::Socket(path))
            } else {
                Err(wrong(
                    "listen: write the whole path of the socket, such as \
                           \"unix:/run/candor/lmtp\".",
                ))
            };
        }
        let address: SocketAddr = self.listen.parse().map_err(|_| {
            wrong(
                "listen is neither an address with a port, such as \"127.0.0.1:2424\", nor a \
                   socket, such as \"unix:/run/candor/lmtp\".",
            )
        })?;
        if address.ip().is_loopback() {
            Ok(Listen::Port(address))
        } else {
            Err(wrong(
                "listen goes beyond this machine. LMTP knows no sign-in: let the mail \
                       server run here, or reach this machine through a tunnel.",
            ))
        }
    }

    /// The settings as the use cases take them.
    pub(crate) fn settings(&self, sender: &Sender) -> Result<MailConfig, Stop> {
        for address in self.addresses.keys().chain(&self.answers) {
            if !is_address(address) {
                return Err(wrong(&format!(
                    "addresses and mail_in.answers are whole addresses without a plus, and \
                     “{address}” is none."
                )));
            }
        }
        let local = self.answers.as_ref().and_then(|a| a.split_once('@'));
        if local.is_some_and(|(local, _)| local.len() > 20) {
            return Err(wrong(
                "answers has more than 20 letters before the @; with the tail it would be longer \
                 than an address may be.",
            ));
        }
        Ok(MailConfig {
            takes: true,
            addresses: self.addresses.clone(),
            answers: self.answers.clone(),
            own_host: Some(sender.domain().to_owned()),
            checks_by: self.checks_by.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> MailIn {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn mail_is_taken_on_this_machine_only() {
        let listen = |at: &str| read(&format!("listen = \"{at}\"")).listen();
        assert!(matches!(listen("127.0.0.1:2424"), Ok(Listen::Port(_))));
        assert!(matches!(listen("[::1]:2424"), Ok(Listen::Port(_))));
        assert!(matches!(
            listen("unix:/run/candor/lmtp"),
            Ok(Listen::Socket(_))
        ));
        for (at, said) in [
            ("0.0.0.0:24", "beyond this machine"),
            ("10.0.0.1:24", "beyond this machine"),
            ("24", "neither"),
            ("unix:lmtp", "whole path"),
        ] {
            assert!(listen(at).unwrap_err().message.contains(said), "{at}");
        }
    }

    #[test]
    fn addresses_are_whole() {
        let sender = Sender::new("candor@your.site").unwrap();
        let settings = |more: &str| {
            read(&format!("listen = \"127.0.0.1:1\"\n{more}"))
                .settings(&sender)
                .map_err(|stop| stop.message)
        };
        let good =
            settings("answers = \"security@your.site\"\n[addresses]\n\"a@your.site\" = \"lumen\"");
        let good = good.unwrap();
        assert_eq!(good.own_host.as_deref(), Some("your.site"));
        assert_eq!(good.addresses["a@your.site"], "lumen");
        assert!(
            settings("answers = \"security\"")
                .unwrap_err()
                .contains("security")
        );
        assert!(settings("answers = \"a+b@c.test\"").is_err());
        assert!(settings("[addresses]\n\"x\" = \"lumen\"").is_err());
        let long = format!("answers = \"{}@c.test\"", "a".repeat(21));
        assert!(settings(&long).unwrap_err().contains("20 letters"));
    }
}
