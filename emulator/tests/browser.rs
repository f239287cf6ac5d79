//! The page in a real browser: Chromium, headless, driven over WebDriver.
//!
//! `cargo test -p oauthapp-emulator --test browser -- --ignored`, with `chromium` and `chromedriver` on the path.
//! SCREENSHOT_FOLDER in the environment keeps pictures of what was seen.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use oauthapp_emulator::{Application, Emulator, KeyStyle, QrState};
use serde_json::{Value, json};
use ureq::Agent;

/// How long the page may take to show something. It is a deadline, not a wait.
const DEADLINE: Duration = Duration::from_secs(30);
/// What WebDriver calls the field that holds an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// chromedriver and one browser window.
struct Browser {
    driver: Child,
    agent: Agent,
    session: String,
    profile: PathBuf,
}

/// Starts chromedriver and gives the port that it listens at. It ends where the port that it has chosen is taken meanwhile, as by
/// the other tests, and is started again then.
fn start_driver() -> (Child, String) {
    (0..5)
        .find_map(|_| {
            let mut driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
            let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
            let port = lines.map(Result::unwrap).find_map(|line| {
                line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
            });
            if port.is_none() {
                driver.wait().unwrap();
            }
            Some((driver, port?))
        })
        .expect("chromedriver tells its port")
}

impl Browser {
    fn open(name: &str) -> Self {
        let (driver, port) = start_driver();
        let profile = std::env::temp_dir().join(format!("oauthapp-emulator-browser-{}-{name}", std::process::id()));
        let agent: Agent = Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
        let mut browser =
            Self { driver, agent, session: format!("http://127.0.0.1:{port}/session"), profile: profile.clone() };

        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1200,1000",
            &format!("--user-data-dir={}", profile.display()),
        ];
        let options = json!({"args": arguments});
        let wanted = json!({"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}});
        let opened = browser.command("POST", "", wanted);
        browser.session = format!("{}/{}", browser.session, opened["sessionId"].as_str().unwrap());
        browser
    }

    fn command(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.session);
        let mut answer = match method {
            "GET" => self.agent.get(url).call(),
            _ => self.agent.post(url).content_type("application/json").send(body.to_string()),
        }
        .unwrap();
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_string().unwrap();
        let value = serde_json::from_str::<Value>(&text).unwrap()["value"].clone();
        assert!(answer.status().is_success(), "{path}: {}", value["message"]);
        value
    }

    fn go(&self, url: &str) {
        self.command("POST", "/url", json!({"url": url}));
    }

    fn script(&self, script: &str) -> Value {
        self.command("POST", "/execute/sync", json!({"script": script, "args": []}))
    }

    /// The element, as soon as the page shows it.
    fn find(&self, selector: &str) -> String {
        let by = json!({"using": "css selector", "value": selector});
        let found = until(selector, || {
            let found = self.command("POST", "/elements", by.clone());
            found[0][ELEMENT].as_str().map(str::to_owned)
        });
        format!("/element/{found}")
    }

    fn click(&self, selector: &str) {
        self.command("POST", &format!("{}/click", self.find(selector)), json!({}));
    }

    fn text(&self, selector: &str) -> String {
        self.command("GET", &format!("{}/text", self.find(selector)), Value::Null).as_str().unwrap().to_owned()
    }

    fn keep_screenshot(&self, name: &str) {
        if let Some(folder) = std::env::var_os("SCREENSHOT_FOLDER") {
            let picture = self.command("GET", "/screenshot", Value::Null);
            let picture = STANDARD.decode(picture.as_str().unwrap()).unwrap();
            std::fs::write(PathBuf::from(folder).join(name), picture).unwrap();
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closing the session ends the browser; then nothing holds the driver.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

fn until<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = check() {
            return found;
        }
        assert!(Instant::now() < deadline, "not seen in time: {what}");
        // Each check is a round trip to the browser; there is no need to hurry it.
        std::thread::yield_now();
    }
}

/// The program that waits for somebody to sign in.
struct Desktop<'a> {
    emulator: &'a Emulator,
    agent: Agent,
}

impl Desktop<'_> {
    fn call(&self, action: &str, body: Value) -> Value {
        let url = format!("{}/api/AppUsers/2/{action}", self.emulator.url());
        let mut answer = self.agent.post(url).content_type("application/json").send(body.to_string()).unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    }

    fn profile(&self, token: &str) -> Value {
        let url = format!("{}/api/AppUsers/2/Profile", self.emulator.url());
        let mut answer = self.agent.get(url).header("Authorization", format!("Bearer {token}")).call().unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    }
}

fn desktop(emulator: &Emulator) -> Desktop<'_> {
    Desktop { emulator, agent: Agent::config_builder().proxy(None).build().into() }
}

#[test]
#[ignore = "needs Chromium and chromedriver"]
fn a_person_walks_through_qr_sign_in_without_a_phone() {
    let emulator = Emulator::start().unwrap();
    let desktop = desktop(&emulator);
    let browser = Browser::open("sign-in");
    browser.go(&format!("{}/", emulator.url()));

    let asked = json!({"scopes": "openid profile", "remark": "a desktop program", "scheme": "app"});
    let key = desktop.call("QRCodePreSignIn", asked)["data"].clone();
    let poll = || desktop.call("QRCodeSignIn", json!({"signInKey": key}));
    let card = format!("[data-key='{key}']");
    assert_eq!(poll()["err"], "请扫码");
    browser.find(&format!("{card}[data-state='PreSignIn'] img"));
    // The picture is there to be scanned, not broken.
    until("the picture", || {
        let width = browser.script(&format!("return document.querySelector(\"{card} img\").naturalWidth"));
        (width == 280).then_some(())
    });
    assert!(browser.text(&card).contains("a desktop program"));
    browser.keep_screenshot("1-waiting.png");

    browser.click(&format!("{card} button[name=scan]"));
    browser.find(&format!("{card}[data-state='Scaned']"));
    assert_eq!(poll()["err"], "登陆中...");
    browser.keep_screenshot("2-scanned.png");

    browser.click(&format!("{card} button[name=confirm]"));
    browser.find(&format!("{card}[data-state='OK']"));
    let answer = poll();
    assert_eq!(answer["code"], 200);
    let profile = desktop.profile(answer["data"]["access_token"].as_str().unwrap());
    assert_eq!(profile["data"]["unionID"], "emulator-phone");
    assert!(browser.text("#users").contains("微信用户"));
    browser.keep_screenshot("3-confirmed.png");

    browser.click(&format!("{card} button[name=expire]"));
    browser.find(&format!("{card}[data-state='Expired']"));
    assert_eq!(poll()["err"], "二维码失效请刷新");
}

#[test]
#[ignore = "needs Chromium and chromedriver"]
fn the_other_buttons_work_and_no_name_becomes_a_script() {
    let evil = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>";
    let emulator = Emulator::builder().key_style(KeyStyle::Hex).application(Application::new(7, evil)).start().unwrap();
    let desktop = desktop(&emulator);
    let token = desktop.call("SignUp", json!({"userName": evil, "nickName": evil, "pwd": "p"}))["data"]["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    desktop.call("SendEmailCode", json!({"email": evil, "type": "signup"}));
    let browser = Browser::open("names");
    browser.go(&format!("{}/", emulator.url()));

    browser.click("[data-application='7'] button[name=pre-sign-in]");
    browser.click("[data-application='2'] button[name=pre-sign-in]");
    browser.find("#keys article:nth-child(2)");
    for place in ["#applications", "#users", "#codes"] {
        assert!(browser.text(place).contains(evil), "{place}");
    }
    assert!(browser.text("#codes").contains(&emulator.code_sent_to(evil).unwrap()));
    assert_eq!(browser.script("return document.title"), "OAuthApp emulator");
    browser.keep_screenshot("4-names.png");

    browser.click("[data-user='1'] button[name=delete]");
    until("the user goes", || emulator.users().is_empty().then_some(()));
    assert_eq!(desktop.profile(&token)["err"], "不存在的用户");
    browser.click("#day");
    until("the clock", || browser.text("#clock").contains("24 h ahead").then_some(()));

    // A button that comes too late says why.
    emulator.qr_codes().iter().for_each(|code| assert!(emulator.expire(&code.key)));
    until("every code goes", || {
        (browser.script("return document.querySelectorAll('#keys img').length") == 0).then_some(())
    });
    let complaint = browser
        .script("return act('scan', { key: 'nonsense' }).then(() => document.getElementById('message').textContent)");
    assert_eq!(complaint, "二维码已失效，请刷新重试");
}

#[test]
#[ignore = "needs Chromium and chromedriver"]
fn a_page_of_another_site_may_call_the_api_but_not_press_the_buttons() {
    let emulator = Emulator::start().unwrap();
    let site = Emulator::start().unwrap();
    let browser = Browser::open("site");
    // Any page of the other site will do, even one that is not found.
    browser.go(&format!("{}/api/nothing", site.url()));

    let fetch = |path: &str, body: &Value| {
        browser.script(&format!(
            "return fetch('{}{path}', {{ method: 'POST', credentials: 'include', body: JSON.stringify({body}), \
             headers: {{ 'Content-Type': 'application/json' }} }}).then((a) => a.json()).catch((e) => e.name)",
            emulator.url()
        ))
    };
    let answer = fetch("/api/AppUsers/2/QRCodePreSignIn", &json!({"remark": "from another site"}));
    assert_eq!(answer["data"], 19);
    assert_eq!(fetch("/emulator/scan", &json!({"key": 19})), "TypeError");
    assert_eq!(emulator.qr_codes()[0].state, QrState::PreSignIn);
}
