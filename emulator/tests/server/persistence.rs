use std::path::PathBuf;

use oauthapp_emulator::{Application, Builder, Emulator};
use serde_json::json;

use crate::client::{start, with};

/// A file that is gone when the test ends.
struct Database(PathBuf);

impl Database {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("oauthapp-emulator-{}-{name}.sqlite", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Self(path)
    }

    fn builder(&self) -> Builder {
        Emulator::builder().database(&self.0)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn everything_outlives_a_restart() {
    let database = Database::new("restart");
    let first = with(database.builder().application(Application::new(7, "Shop").mini_program(false)));
    let token = first.user_call("SignUp", json!({"userName": "n", "pwd": "secret-password"})).token();
    let key = first.user_call("QRCodePreSignIn", json!({"remark": "r"})).data();
    first.user_call("QRCodeScan", json!({"signInKey": key})).data();
    drop(first);

    let second = with(database.builder());
    assert_eq!(second.profile(&token).data()["userName"], "n");
    second.user_call("SignIn", json!({"userName": "n", "pwd": "secret-password"})).token();
    assert_eq!(second.user_call("QRCodeSignIn", json!({"signInKey": key})).err(), "登陆中...");
    assert_eq!(second.get("/api/Apps/7/Info").data()["info"]["name"], "Shop");
    assert_eq!(second.post("/api/AppUsers/7/QRCodePreSignIn", json!({})).err(), "应用未配置小程序参数");
    assert_eq!(second.user_call("QRCodePreSignIn", json!({})).data(), 20);
}

#[test]
fn an_application_that_was_changed_stays_changed() {
    let database = Database::new("changed");
    drop(with(database.builder().application(Application::new(2, "Mine"))));
    assert_eq!(with(database.builder()).get("/api/Apps/2/Info").data()["info"]["name"], "Mine");
}

#[test]
fn no_password_is_in_the_file_and_nobody_else_reads_it() {
    let database = Database::new("private");
    let client = with(database.builder());
    client.user_call("SignUp", json!({"userName": "visible-name", "pwd": "secret-password"})).token();
    drop(client);
    let file = std::fs::read(&database.0).unwrap();
    let holds = |text: &str| file.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("visible-name"));
    assert!(!holds("secret-password"));
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&database.0).unwrap());
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn without_a_file_nothing_is_left() {
    start().user_call("SignUp", json!({"userName": "n", "pwd": "p"})).token();
    assert_eq!(start().user_call("SignIn", json!({"userName": "n", "pwd": "p"})).err(), "用户不存在");
}

#[test]
fn a_file_that_is_no_database_is_an_error_that_names_it() {
    let database = Database::new("nonsense");
    std::fs::write(&database.0, "this is no database, and long enough to be seen as none").unwrap();
    let error = database.builder().start().unwrap_err().to_string();
    assert!(error.contains(database.0.to_str().unwrap()), "{error}");
    let nowhere = Emulator::builder().database("/nonexistent/folder/file").start().unwrap_err().to_string();
    assert!(nowhere.contains("/nonexistent/folder/file"), "{nowhere}");
}
