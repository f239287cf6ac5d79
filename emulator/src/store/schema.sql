CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL);

CREATE TABLE application (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    logo TEXT,
    website TEXT,
    description TEXT,
    tags TEXT,
    mini_program INTEGER NOT NULL,
    verified_contacts INTEGER NOT NULL,
    app_key TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
);

-- AUTOINCREMENT: the id of a deleted user must not come back, since tokens name it.
CREATE TABLE user (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id INTEGER NOT NULL,
    platform TEXT,
    union_id TEXT,
    user_name TEXT,
    password TEXT,
    nick_name TEXT,
    avatar TEXT,
    email TEXT,
    email_is_valid INTEGER NOT NULL,
    phone TEXT,
    phone_is_valid INTEGER NOT NULL,
    data TEXT,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
);
CREATE UNIQUE INDEX user_union_id ON user (app_id, platform, union_id) WHERE union_id <> '';
CREATE UNIQUE INDEX user_name ON user (app_id, user_name) WHERE user_name <> '';

CREATE TABLE qr_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    app_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    scopes TEXT,
    remark TEXT,
    scheme TEXT,
    user_id INTEGER,
    created INTEGER NOT NULL
);
-- The first key is 19, as in the documented example.
INSERT INTO sqlite_sequence (name, seq) VALUES ('qr_key', 18);

-- Codes that would have gone out by SMS or email.
CREATE TABLE sent_code (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id INTEGER NOT NULL,
    contact TEXT NOT NULL,
    purpose TEXT NOT NULL,
    code TEXT NOT NULL,
    created INTEGER NOT NULL
);
