//! The ten calls as a program makes them, against the emulator, over http and https.

use oauthapp::{
    Client, ClientBuilder, ErrorKind, GetProfile, QrCodePreSignIn, QrCodeScan, QrCodeSignIn, QrCodeSignUp, Roots,
    SignIn, SignUp, Trust, UnionIdSignIn, UnionIdSignUp, UpdateProfile,
};
use oauthapp_emulator::{Application, Emulator, KeyStyle};
use std::time::{Duration, SystemTime};

fn builder(emulator: &Emulator) -> ClientBuilder {
    let builder = Client::builder(2).base_url(emulator.url());
    match emulator.ca_certificate_pem() {
        Some(pem) => builder.trust(Trust::Only(Roots::from_pem(pem.as_bytes()).unwrap())),
        None => builder,
    }
}

fn kind<T>(result: oauthapp::Result<T>) -> ErrorKind {
    match result {
        Ok(_) => panic!("it should have failed"),
        Err(error) => error.kind(),
    }
}

/// Every emulator that a client has to get along with.
fn emulators() -> [Emulator; 3] {
    [
        Emulator::start().unwrap(),
        Emulator::builder().https().start().unwrap(),
        Emulator::builder().key_style(KeyStyle::Hex).start().unwrap(),
    ]
}

#[test]
fn an_account_is_made_signed_in_read_and_changed() {
    for emulator in emulators() {
        let client = builder(&emulator).build().unwrap();
        let request = SignUp::new().user_name("wwww").pwd("123456").nick_name("小明").platform("web");
        client.sign_up(&request).unwrap();
        assert_eq!(kind(client.sign_up(&request)), ErrorKind::AccountExists);
        assert_eq!(kind(client.sign_in(&SignIn::new("wwww", "wrong"))), ErrorKind::WrongPassword);
        assert_eq!(kind(client.sign_in(&SignIn::new("nobody", "123456"))), ErrorKind::NoSuchUser);

        let token = client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
        let now = SystemTime::now();
        let lifetime = token.expires_at(now).unwrap().duration_since(now).unwrap();
        assert!(lifetime > Duration::from_secs(86_000) && lifetime <= Duration::from_secs(86_400));
        let access_token = token.access_token.expose();
        let profile = client.get_profile(&GetProfile::new().access_token(access_token)).unwrap();
        assert_eq!(profile.nick_name.as_deref(), Some("小明"));
        assert_eq!(profile.id.map(|id| id.to_string()), token.claims().unwrap().nameid);

        let change = UpdateProfile::new().access_token(access_token).nick_name("大明").data("自定义数据").avatar("");
        assert!(client.update_profile(&change).unwrap());
        let profile = client.get_profile(&GetProfile::new().access_token(access_token)).unwrap();
        assert_eq!((profile.nick_name.as_deref(), profile.data.as_deref()), (Some("大明"), Some("自定义数据")));
    }
}

#[test]
fn a_union_id_is_signed_up_and_in() {
    let emulator = Emulator::start().unwrap();
    let client = builder(&emulator).build().unwrap();
    assert_eq!(kind(client.union_id_sign_in(&UnionIdSignIn::new("web", "u-1"))), ErrorKind::NoSuchUser);
    let request = UnionIdSignUp::new().platform("web").union_id("u-1").email("a@b.c").email_is_valid(true);
    client.union_id_sign_up(&request).unwrap();
    assert_eq!(kind(client.union_id_sign_up(&request)), ErrorKind::AccountExists);
    let token = client.union_id_sign_in(&UnionIdSignIn::new("web", "u-1")).unwrap();
    let profile = client.get_profile(&GetProfile::new().access_token(token.access_token.expose())).unwrap();
    assert_eq!((profile.email.as_deref(), profile.email_is_valid), (Some("a@b.c"), Some(true)));
}

#[test]
fn a_qr_code_goes_from_waiting_to_scanned_to_a_token() {
    for emulator in emulators() {
        let desktop = builder(&emulator).build().unwrap();
        let phone = builder(&emulator).build().unwrap();
        let request = QrCodePreSignIn::new().scopes("openid profile").remark("测试").scheme("app");
        let key = desktop.qr_code_pre_sign_in(&request).unwrap();
        let poll = QrCodeSignIn::new(&key);
        assert_eq!(kind(desktop.qr_code_sign_in(&poll)), ErrorKind::QrWaiting);
        let application = phone.qr_code_scan(&QrCodeScan::new(&key)).unwrap();
        assert_eq!(application.name.as_deref(), Some("开发文档"));
        assert_eq!(application.remark.as_deref(), Some("测试"));
        assert_eq!(kind(desktop.qr_code_sign_in(&poll)), ErrorKind::QrScanned);
        let confirm = QrCodeSignUp::new(&key).union_id("wx-1").platform("wxminip").nick_name("微信用户");
        phone.qr_code_sign_up(&confirm).unwrap();
        let token = desktop.qr_code_sign_in(&poll).unwrap();
        let profile = desktop.get_profile(&GetProfile::new().access_token(token.access_token.expose())).unwrap();
        assert_eq!(profile.nick_name.as_deref(), Some("微信用户"));

        let key = desktop.qr_code_pre_sign_in(&QrCodePreSignIn::new()).unwrap();
        emulator.expire(&*key.to_text());
        assert_eq!(kind(desktop.qr_code_sign_in(&QrCodeSignIn::new(&key))), ErrorKind::QrExpired);
        assert_eq!(kind(phone.qr_code_scan(&QrCodeScan::new(&key))), ErrorKind::QrExpired);
    }
}

#[test]
fn what_an_application_lacks_is_named() {
    let emulator = Emulator::builder().application(Application::new(7, "plain").mini_program(false)).start().unwrap();
    let without = Client::builder(7).base_url(emulator.url()).build().unwrap();
    assert_eq!(kind(without.qr_code_pre_sign_in(&QrCodePreSignIn::new())), ErrorKind::QrNotConfigured);
    let unknown = Client::builder(99).base_url(emulator.url()).build().unwrap();
    assert_eq!(kind(unknown.sign_in(&SignIn::new("wwww", "123456"))), ErrorKind::NoSuchApplication);
    let missing = builder(&emulator).build().unwrap().sign_up(&SignUp::new()).unwrap_err();
    assert_eq!((missing.kind(), missing.http_status()), (ErrorKind::BadRequest, Some(400)));
    assert!(!missing.fields().is_empty());
}

#[test]
fn a_session_ends_when_the_token_runs_out_or_its_user_goes() {
    let emulator = Emulator::builder().token_lifetime(Duration::from_secs(60)).start().unwrap();
    let client = builder(&emulator).keep_session(true).build().unwrap();
    client.sign_up(&SignUp::new().user_name("wwww").pwd("123456").platform("web")).unwrap();
    let id = client.get_profile(&GetProfile::new()).unwrap().id.unwrap();
    emulator.advance_clock(Duration::from_secs(61));
    assert_eq!(kind(client.get_profile(&GetProfile::new())), ErrorKind::TokenExpired);
    assert!(!client.is_signed_in());

    client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
    emulator.delete_user(id);
    assert_eq!(kind(client.get_profile(&GetProfile::new())), ErrorKind::UserGone);
    assert!(!client.is_signed_in());
    let rejected = client.get_profile(&GetProfile::new().access_token("a.b.c"));
    assert_eq!(kind(rejected), ErrorKind::TokenRejected);
}

#[test]
fn only_a_server_whose_authority_is_trusted_is_talked_to() {
    let emulator = Emulator::builder().https().start().unwrap();
    let other = Emulator::builder().https().start().unwrap();
    let with_default_roots = Client::builder(2).base_url(emulator.url());
    for client in [with_default_roots, builder(&other).base_url(emulator.url())] {
        let error = client.build().unwrap().sign_in(&SignIn::new("wwww", "123456")).unwrap_err();
        assert_eq!(
            (error.kind(), error.http_status(), error.is_retryable()),
            (ErrorKind::CertificateUntrusted, None, false)
        );
    }
    assert!(emulator.requests().is_empty());
    // One PEM text may hold several authorities.
    let both = format!("{}{}", other.ca_certificate_pem().unwrap(), emulator.ca_certificate_pem().unwrap());
    let roots = Trust::Only(Roots::from_pem(both.as_bytes()).unwrap());
    let client = Client::builder(2).base_url(emulator.url()).trust(roots).build().unwrap();
    assert_eq!(kind(client.sign_in(&SignIn::new("wwww", "123456"))), ErrorKind::NoSuchUser);
}

#[test]
fn one_client_serves_many_threads_and_each_gets_its_own_answer() {
    let emulator = Emulator::start().unwrap();
    let client = builder(&emulator).build().unwrap();
    std::thread::scope(|scope| {
        for number in 0..64 {
            let client = client.clone();
            scope.spawn(move || {
                let name = format!("user-{number}");
                client.sign_up(&SignUp::new().user_name(&name).pwd("123456").nick_name(&name).platform("web")).unwrap();
                for _ in 0..10 {
                    let token = client.sign_in(&SignIn::new(&name, "123456")).unwrap();
                    let request = GetProfile::new().access_token(token.access_token.expose());
                    assert_eq!(client.get_profile(&request).unwrap().nick_name.as_deref(), Some(name.as_str()));
                }
            });
        }
    });
}
