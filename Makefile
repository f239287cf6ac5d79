# `make`, then `make install`, for those without cargo-c; docs/installing.md. Linux.
PREFIX = /usr/local
# Absolute, or seen from PREFIX.
LIBDIR = lib
INCLUDEDIR = include
DESTDIR =

CARGO ?= cargo
CARGO_TARGET_DIR ?= target
RELEASE = $(CARGO_TARGET_DIR)/release
export PREFIX LIBDIR INCLUDEDIR DESTDIR CARGO_TARGET_DIR RELEASE

ifneq ($(shell uname -s),Linux)
$(error This is for Linux. Elsewhere, `cargo cinstall -p oauthapp-capi` knows what libraries are called and how they are found)
endif

.PHONY: all install uninstall

# Cargo knows what has changed.
all:
	$(CARGO) build --release --locked -p oauthapp-capi
	packaging/hide-symbols.sh $(RELEASE)/liboauthapp.a $(RELEASE)/packaged/liboauthapp.a

# Makes nothing, so that root, who installs, needs no Rust.
install uninstall:
	packaging/install.sh $@
