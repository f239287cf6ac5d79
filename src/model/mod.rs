//! What the server answers, typed. Unknown fields are ignored here and kept in the raw form.

mod application_info;
pub(crate) mod lenient;
mod profile;
mod sign_in_key;

pub use application_info::ApplicationInfo;
pub use profile::Profile;
pub use sign_in_key::SignInKey;
