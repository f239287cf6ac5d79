//! An application, as its owner sets it up.

/// An application whose users sign in.
///
/// ```
/// use oauthapp_emulator::Application;
///
/// let shop = Application::new(7, "Shop").website("https://shop.example").verified_contacts(true);
/// assert_eq!(shop.id(), 7);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) logo: Option<String>,
    pub(crate) website: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) tags: Option<String>,
    pub(crate) mini_program: bool,
    pub(crate) verified_contacts: bool,
}

impl Application {
    /// An application with a mini-program and no demands on its users' contacts.
    pub fn new(id: i64, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            logo: None,
            website: None,
            description: None,
            tags: None,
            mini_program: true,
            verified_contacts: false,
        }
    }

    /// The application that is there by default: number 2, 开发文档.
    pub fn documentation() -> Self {
        Self::new(2, "开发文档")
            .logo("https://blob.oauthapp.com/4/tenant/2/API.png")
            .website("https://web.oauthapp.com/4/docs")
    }

    /// The address of its logo.
    pub fn logo(mut self, url: impl Into<String>) -> Self {
        self.logo = Some(url.into());
        self
    }

    /// The address of its website.
    pub fn website(mut self, url: impl Into<String>) -> Self {
        self.website = Some(url.into());
        self
    }

    /// What it is.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Its tags, in one string.
    pub fn tags(mut self, tags: impl Into<String>) -> Self {
        self.tags = Some(tags.into());
        self
    }

    /// Whether a mini-program is configured. Without one, QR sign-in answers 应用未配置小程序参数.
    pub fn mini_program(mut self, configured: bool) -> Self {
        self.mini_program = configured;
        self
    }

    /// Whether sign-up demands codes sent to the new user's email and phone (`emailCode`, `phoneCode`).
    pub fn verified_contacts(mut self, demanded: bool) -> Self {
        self.verified_contacts = demanded;
        self
    }

    /// Its number, which stands in the path of every call.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}
