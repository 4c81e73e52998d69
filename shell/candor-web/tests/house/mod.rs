//! A whole house for HTTP tests: router, use cases, a store in a temporary
//! directory, a clock that stands still.
#![allow(dead_code, reason = "each test uses the rooms it needs")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use candor_app::{App, AppConfig, Parts};
use candor_base::Instant;
use candor_ports::{Clock, Courier, CourierError, Entropy, Letter, Steady};
use candor_store::{InstanceKey, SealedStore};
use candor_web::{WebOptions, router};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

pub(crate) const BOUNDARY: &str = "candor-test-boundary";
pub(crate) const PASS: &str = "seven quiet lanterns under water";

const POLICY: &str = "# Security policy of Lanternfish

## Reporting a vulnerability

Please do not open a public issue for a security problem.
Send an e-mail to security@lanternfish.example.org.

Please include:

- Description: what the vulnerability is
- Steps to reproduce

We will acknowledge your report within 48 hours.
We publish details within 90 days of the report.
";

/// Stands still until it is moved, or jumps.
#[derive(Debug, Default)]
struct Hand(AtomicI64, AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Instant {
        let start: Instant = "2026-06-01T08:00:00Z".parse().unwrap();
        start.plus_seconds(self.0.load(Ordering::SeqCst) + self.1.load(Ordering::SeqCst))
    }

    fn steady(&self) -> Option<Steady> {
        Some(Steady {
            seconds: self.0.load(Ordering::SeqCst),
            start: "only".into(),
        })
    }
}

#[derive(Debug)]
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        for slot in buffer {
            let n = self
                .0
                .fetch_add(1, Ordering::SeqCst)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
            *slot = (n >> 40).to_le_bytes()[0];
        }
    }
}

#[derive(Debug)]
struct Drawer;

impl Courier for Drawer {
    fn deliver(&self, _: &Letter) -> Result<(), CourierError> {
        Ok(())
    }

    fn describe(&self) -> String {
        "a drawer".to_owned()
    }
}

pub(crate) struct House {
    _dir: tempfile::TempDir,
    pub(crate) app: Arc<App>,
    clock: Arc<Hand>,
    router: Router,
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// A plain form.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        text.bytes().fold(String::new(), |out, b| {
            if b.is_ascii_alphanumeric() {
                out + &char::from(b).to_string()
            } else {
                format!("{out}%{b:02X}")
            }
        })
    };
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(k, v)| format!("{}={}", encode(k), encode(v)))
        .collect();
    pairs.join("&")
}

/// A form with files.
pub(crate) fn multipart(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in fields {
        let head =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    for (name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(bytes);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    out
}

impl House {
    pub(crate) fn new() -> Self {
        Self::fresh_for(720)
    }

    /// One in which the second factor counts as fresh for so many minutes.
    pub(crate) fn fresh_for(fresh_factor_minutes: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = InstanceKey::from_bytes([7; 32]);
        let store = SealedStore::open(&dir.path().join("data"), &key).unwrap();
        let vault = Arc::new(store.vault());
        let clock = Arc::new(Hand::default());
        let app = Arc::new(
            App::new(Parts {
                store: Arc::new(store),
                clock: Arc::<Hand>::clone(&clock),
                entropy: Arc::new(Counter(AtomicU64::new(1))),
                vault,
                courier: Arc::new(Drawer),
                config: AppConfig {
                    public_url: "https://sec.example.org".to_owned(),
                    fresh_factor_minutes,
                    letters_leave: true,
                    ..AppConfig::default()
                },
            })
            .unwrap(),
        );
        app.put_program("lanternfish", "SECURITY.md", POLICY.as_bytes())
            .unwrap();
        let options = WebOptions {
            max_body: 1024 * 1024,
            cors_origins: vec!["https://app.example.org".to_owned()],
            ..WebOptions::default()
        };
        let router = router(Arc::clone(&app), options);
        Self {
            _dir: dir,
            app,
            clock,
            router,
        }
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Reply {
        self.send_body(method, path, headers, Body::from(body))
            .await
    }

    pub(crate) async fn send_body(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::HOST, "sec.example.org");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) async fn get(&self, path: &str, cookie: Option<(&str, &str)>) -> Reply {
        let line = cookie.map(|(name, value)| format!("{name}={value}"));
        let headers: Vec<_> = line.iter().map(|line| ("cookie", line.as_str())).collect();
        self.send(Method::GET, path, &headers, Vec::new()).await
    }

    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend_from_slice(headers);
        self.send(Method::POST, path, &all, body.as_bytes().to_vec())
            .await
    }

    pub(crate) async fn post_parts(&self, path: &str, body: &[u8], accept: &str) -> Reply {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let headers = [("content-type", kind.as_str()), ("accept", accept)];
        self.send(Method::POST, path, &headers, body.to_vec()).await
    }

    /// Files a report; gives its code.
    pub(crate) async fn report(&self) -> String {
        let fields = [
            ("summary", "Lantern daemon runs commands"),
            ("description", "Lantern daemon runs commands. CANARYDESC"),
            ("steps", "Send the header."),
        ];
        let body = multipart(&fields, &[("trace.txt", b"GET /q")]);
        let reply = self
            .post_parts("/p/lanternfish/report", &body, "text/html")
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        assert!(!reply.headers.contains_key(header::SET_COOKIE));
        let page = reply.text();
        let from = page
            .split("receipt-code\" translate=\"no\">")
            .nth(1)
            .unwrap();
        from.split('<').next().unwrap().trim().to_owned()
    }

    /// Opens the room; gives the cookie.
    pub(crate) async fn enter(&self, code: &str) -> (String, String) {
        let reply = self
            .post("/p/lanternfish/room", &[], &form(&[("code", code)]))
            .await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
        assert_eq!(reply.headers[header::LOCATION], "/p/lanternfish/room");
        cookie(&reply)
    }

    /// Makes the first account; gives its session.
    pub(crate) async fn set_up(&self) -> String {
        self.first_owner().await.0
    }

    /// Makes the first account; gives its session and the secret of its second factor.
    pub(crate) async fn first_owner(&self) -> (String, String) {
        let code = self.app.set_up_code().unwrap().unwrap();
        let fields = form(&[
            ("code", &code),
            ("login", "ada"),
            ("name", "Ada"),
            ("email", "ada@team.example.org"),
            ("pass", PASS),
        ]);
        let reply = self.post("/desk/set-up", &[], &fields).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        let (_, half) = cookie(&reply);
        self.enrol(&half).await
    }

    /// Somebody sets the clock of the machine: so far from the right time.
    #[allow(dead_code, reason = "each test file uses a part of it")]
    pub(crate) fn set_wrong(&self, seconds: i64) {
        self.clock.1.store(seconds, Ordering::SeqCst);
    }

    /// Moves the clock on.
    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// What an authenticator shows now.
    pub(crate) fn totp(&self, secret: &str) -> String {
        totp(secret, self.clock.now())
    }

    /// Signs in for the first time and sets up the second factor; gives session and secret.
    pub(crate) async fn first_sign_in(&self, login: &str, pass: &str) -> (String, String) {
        let fields = form(&[("login", login), ("pass", pass)]);
        let reply = self.post("/desk/sign-in", &[], &fields).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        let (_, half) = cookie(&reply);
        self.enrol(&half).await
    }

    async fn enrol(&self, half: &str) -> (String, String) {
        let secret = self.app.enrolment(half).unwrap().secret;
        let totp = self.totp(&secret);
        let line = format!("candor-desk={half}");
        let guard = self.guard("/desk/enrol", &line).await;
        let fields = form(&[("totp", &totp), ("guard", &guard)]);
        let reply = self
            .post("/desk/enrol", &[("cookie", &line)], &fields)
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        (cookie(&reply).1, secret)
    }

    /// The text of a page for whoever holds this cookie.
    pub(crate) async fn read(&self, path: &str, cookie: &str) -> String {
        let headers = [("cookie", cookie)];
        let reply = self.send(Method::GET, path, &headers, Vec::new()).await;
        reply.text()
    }

    /// The value that forms of this session carry.
    pub(crate) async fn guard(&self, path: &str, cookie: &str) -> String {
        let page = self
            .send(Method::GET, path, &[("cookie", cookie)], Vec::new())
            .await
            .text();
        let from = page
            .split("name=\"guard\" value=\"")
            .nth(1)
            .expect("a guard on the page");
        from.split('"').next().unwrap().to_owned()
    }

    /// The first link on a page that begins like this.
    pub(crate) fn link(page: &str, begins: &str) -> String {
        let from = page
            .split(&format!("href=\"{begins}"))
            .nth(1)
            .expect("a link on the page");
        format!("{begins}{}", from.split('"').next().unwrap())
    }
}

/// What the team does until a case is accepted.
pub(crate) const TO_ACCEPTED: &[(&str, &[(&str, &str)])] = &[
    (
        "acknowledge",
        &[("message", "Thank you, we are looking into it.")],
    ),
    (
        "assess",
        &[
            ("scope", "in"),
            ("is_vulnerability", "yes"),
            ("severity", "critical"),
            ("cvss", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
            ("impacts", "confidentiality\nintegrity"),
            ("affected_versions", ">= 2.0, < 2.3.1"),
            ("reproduction_kind", "record"),
            ("reproduction", "Reproduced on 2.3 with the steps given."),
            ("message", "We could reproduce it. It is critical."),
        ],
    ),
    (
        "accept",
        &[("branches", "2.x"), ("message", "We will fix it.")],
    ),
];

/// One person of each kind, around one case.
pub(crate) struct Team {
    /// The page of the case on the desk.
    pub(crate) case: String,
    /// A file of it, in the room and on the desk.
    pub(crate) room_file: String,
    pub(crate) desk_file: String,
    /// Cookies and form values of reporter, party, member, owner.
    pub(crate) cookies: [String; 4],
    pub(crate) guards: [String; 4],
}

impl Team {
    pub(crate) async fn of(house: &House) -> Self {
        let code = house.report().await;
        let (name, token) = house.enter(&code).await;
        let room = format!("{name}={token}");
        let token = house.set_up().await;
        let owner = format!("candor-desk={token}");
        let inbox = house.read("/desk/p/lanternfish", &owner).await;
        let case = House::link(&inbox, "/desk/p/lanternfish/cases/");
        let reference = case.rsplit('/').next().unwrap();
        let act = |name: &str, pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
            let input = candor_app::input::ActInput {
                act: name.to_owned(),
                fields: pairs.collect(),
                ..candor_app::input::ActInput::default()
            };
            house
                .app
                .desk_act(&token, "lanternfish", reference, input)
                .unwrap()
        };
        for (name, fields) in TO_ACCEPTED {
            act(name, fields);
        }
        let said = act(
            "invite_party",
            &[
                ("name", "Harbour Linux"),
                ("kind", "vendor"),
                ("contact", "security@harbour.example.org"),
                ("terms", "Until the day of publication, tell nobody."),
            ],
        );
        let code = said.split("Its code is ").nth(1).unwrap();
        let code = code.split('.').next().unwrap();
        let reply = house
            .post(
                "/p/lanternfish/party",
                &[],
                &form(&[("reference", reference), ("code", code)]),
            )
            .await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        let (name, value) = cookie(&reply);
        let party = format!("{name}={value}");
        let fields = [
            ("login", "grace"),
            ("name", "Grace"),
            ("email", "grace@team.example.org"),
            ("program", "lanternfish"),
            ("role", "member"),
        ]
        .map(|(k, v)| (k.to_owned(), v.to_owned()));
        let pass = house.app.add_person(&token, fields.into()).unwrap();
        let (grace, _) = house.first_sign_in("grace", &pass).await;
        let member = format!("candor-desk={grace}");
        let guards = [
            house.guard("/p/lanternfish/room", &room).await,
            house.guard("/p/lanternfish/party", &party).await,
            house.guard("/desk/you", &member).await,
            house.guard("/desk/you", &owner).await,
        ];
        let desk_page = house.read(&case, &owner).await;
        let room_page = house.read("/p/lanternfish/room", &room).await;
        Self {
            room_file: House::link(&room_page, "/p/lanternfish/room/files/"),
            desk_file: House::link(&desk_page, &format!("{case}/files/")),
            case,
            cookies: [room, party, member, owner],
            guards,
        }
    }
}

pub(crate) fn cookie(reply: &Reply) -> (String, String) {
    let line = reply.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        line.contains("HttpOnly") && line.contains("SameSite=Strict"),
        "{line}"
    );
    let (name, rest) = line.split_once('=').unwrap();
    (name.to_owned(), rest.split(';').next().unwrap().to_owned())
}

fn totp(secret: &str, now: Instant) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(now.unix()).unwrap())
        .to_string()
}
