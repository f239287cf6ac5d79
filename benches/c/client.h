/*
 * What the clients in C have in common, as src/client.rs for those in Rust: the command line, the threads, the clocks.
 *
 * A client is four functions. They end the program where something fails: there is nothing to measure then.
 */
#ifndef CLIENT_H
#define CLIENT_H

#define PATH "/api/AppUsers/2/SignIn"

/* Called once, before the threads begin. */
void client_begin(const char *url, const char *ca_file);

/* Called by every thread: what it makes its calls with. */
void *caller_new(void);

/* Signs in, checks the envelope, and gives `data` as an owned JSON string. */
char *sign_in(void *caller);

/* Releases such a string. */
void discard(char *data);

/* Called by every thread at its end. */
void caller_free(void *caller);

/* Called once, when the threads have ended. */
void client_end(void);

/* Ends the program. */
_Noreturn void fail(const char *why);

#endif
