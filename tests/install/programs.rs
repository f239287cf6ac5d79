//! The programs of examples/linking, in a folder of their own, outside of the repository.

use super::tree::Tree;
use crate::capi::artifacts::{ROOT, as_outside_of_tests};
use crate::capi::program::output;
use oauthapp::{Client, SignUp};
use oauthapp_emulator::Emulator;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Programs {
    pub folder: PathBuf,
}

impl Drop for Programs {
    fn drop(&mut self) {
        // The system clears it away otherwise.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Programs {
    pub fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("oauthapp-{test}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        for file in fs::read_dir(format!("{ROOT}/examples/linking")).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.join(file.file_name())).unwrap();
        }
        Programs { folder }
    }

    /// A tool that looks for the library in this tree and in no other.
    pub fn command(&self, tool: &str, tree: &Tree) -> Command {
        let mut command = self.tool(tool);
        command.env("PKG_CONFIG_LIBDIR", tree.lib("pkgconfig"));
        command
    }

    fn tool(&self, tool: &str) -> Command {
        let mut command = Command::new(tool);
        as_outside_of_tests(command.current_dir(&self.folder));
        command
    }

    /// Makes the programs in `build` with CMake, with these settings.
    pub fn cmake(&self, generator: &str, settings: &[String]) {
        // What Cargo needs is there, as the library was built before.
        let cmake = || {
            let mut cmake = self.tool("cmake");
            cmake.env("CARGO_NET_OFFLINE", "true");
            cmake
        };
        output(cmake().args(["-S", ".", "-B", "build", "-G", generator]).args(settings));
        output(cmake().args(["--build", "build"]));
    }

    /// Each program that was made signs in, and is linked with the library that its name says.
    pub fn sign_in(&self, made: &Path) {
        let emulator = Emulator::start().unwrap();
        let client = Client::builder(2).base_url(emulator.url()).build().unwrap();
        client.sign_up(&SignUp::new().user_name("wwww").pwd("123456")).unwrap();
        for (name, shared) in [("app", true), ("app-static", false), ("app-cpp", true), ("app-cpp-static", false)] {
            let program = made.join(name);
            let needed = output(Command::new("readelf").arg("-d").arg(&program));
            assert_eq!(needed.contains("[liboauthapp.so.1]"), shared, "{name}: {needed}");
            let mut program = self.tool(program.to_str().unwrap());
            assert_eq!(output(program.env("OAUTHAPP_URL", emulator.url())), "signed in\n", "{name}");
        }
    }
}
