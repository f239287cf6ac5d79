/*
 * liboauthapp: sign-in, sign-up, QR sign-in and profiles with OAuthApp (www.oauthapp.com, and self-hosted servers of it).
 *
 * This file is the manual of the C API. It is generated from the library's source: change it there.
 *
 * How calls work
 *
 *   A call blocks until its answer is there, its deadline has run out (30 seconds, unless set otherwise), or it is
 *   cancelled from another thread (oauthapp_cancel_token). There is nothing to initialise, nothing is printed, and no call
 *   reads the environment by itself; what the system reads of it to look up a name, it does. oauthapp_client_new does, so no
 *   other thread may change it meanwhile; it uses what it finds only where a proxy is asked for that the environment names, or
 *   the platform's certificate authorities.
 *
 *   The library has no threads of its own, with one exception: the system's name look-up can't be interrupted, so it runs
 *   in a thread of its own, which takes none of the program's signals and ends when the system has an answer or gives up.
 *   All clients share it. A call that is
 *   cancelled or out of time does not wait for it; where it takes more than ten seconds, later calls begin another one, until
 *   there are four for the host name.
 *
 *   Every function that can fail returns an oauthapp_code: OAUTHAPP_OK (0), or what went wrong. What it gives comes
 *   through its trailing pointers, which are written on success and set to NULL (numbers: 0) on failure. The last of
 *   all takes an oauthapp_error with the detail; pass NULL if the code alone will do.
 *
 *   The ten calls of the API give the `data` of the server's answer as a JSON string, byte for byte as it came, fields
 *   included that this library does not know. The oauthapp_json_get_… functions read single fields of it.
 *
 * Ownership
 *
 *   What a function gives through a pointer-to-pointer is the caller's, to be freed with the function that its
 *   documentation names: oauthapp_string_free, oauthapp_client_free, oauthapp_cancel_token_free, oauthapp_error_free. Never with free() or delete.
 *   What is passed in is read during the call only and stays the caller's. Freeing NULL does nothing. An object that
 *   was freed already, or one of another kind, is found out: functions that get it return
 *   OAUTHAPP_ERROR_INVALID_HANDLE, and freeing it again does nothing. A string that was freed already is found out too, but
 *   only until its address is given to another string; freeing it then frees that one.
 *
 *   The library keeps count of what it has handed out, so a leak checker takes what a program forgets to free for
 *   something still in use.
 *
 * Strings
 *
 *   UTF-8, NUL-terminated. In a request, NULL means that the field is not sent; an empty string is sent. Answers may
 *   hold tokens and keys: oauthapp_string_free overwrites them before their memory is released.
 *
 * Secrets in memory
 *
 *   Whatever the library frees, and what HTTP, TLS and JSON free for it, is overwritten first. When the strings are freed
 *   and the client is, nothing of a password, token, key or union id is left on the heap but what the program itself has kept.
 *   Stacks and registers are nobody's to promise: fragments may stay there until they are written over. Until then a client keeps its proxy's password, its client key and its session, and an open TLS
 *   connection the last answer that came on it; an error object keeps what the server said until oauthapp_error_free.
 *
 * When memory runs out
 *
 *   Where there is no memory for a string that was given, for an answer, or for what is made of them, the call fails with
 *   OAUTHAPP_ERROR_OUT_OF_MEMORY; an answer that can't be kept does not undo what the server has done. Where there is none
 *   for a block of less than 64 KiB for the library's own use, or, while a client is made, for what its environment
 *   holds (a proxy's address, the names in NO_PROXY) or the system's certificates (OAUTHAPP_TRUST_PLATFORM), the program ends with
 *   abort(), as Rust programs do, after a message on standard error that says so.
 *
 * Structs
 *
 *   Every struct that the caller fills begins with its size and has an initialiser, oauthapp_…_init(). Fields are added
 *   at the end in later versions; a program compiled with this header goes on working with a newer library.
 *
 * Threads
 *
 *   Every function may be called from any thread, several at once, also with the same client, and until the very end: from
 *   atexit and from destructors too. There is no "last error" of a thread. A call needs 128 KiB of stack. A thread must not be
 *   ended while it is in one (pthread_cancel ends the whole program then): cancel the call.
 *
 *   After fork(), both processes may go on with the same client. The child makes connections of its own and leaves its
 *   parent's alone. As in every program with threads, it must not have been forked while another thread was inside of
 *   the library, unless it calls exec or _exit next. A process that closes all its descriptors, as daemons do, frees its clients
 *   before that.
 *
 * Errors that every one of the ten calls can give
 *
 *   OAUTHAPP_ERROR_INVALID_ARGUMENT, _INVALID_UTF8, _INVALID_HANDLE, _INVALID_STRUCT_SIZE: nothing was sent.
 *   OAUTHAPP_ERROR_DNS, _CONNECT, _TLS, _CERTIFICATE_UNTRUSTED, _TIMEOUT, _CONNECTION_LOST, _CANCELLED, … (2000 to 2999):
 *   no answer came, or not all of it.
 *   OAUTHAPP_ERROR_BAD_REQUEST, _FORBIDDEN, _NOT_FOUND, … (3000 to 3999): an HTTP error in place of the API's answer.
 *   OAUTHAPP_ERROR_NOT_HTTP, _EMPTY_RESPONSE, … (4000 to 4999): an answer that can't be understood.
 *   OAUTHAPP_ERROR_SERVER and the other kinds from 5000 to 5999: the server refused; its own code and message are with
 *   the error object.
 *   OAUTHAPP_ERROR_OUT_OF_MEMORY: there is not enough memory. OAUTHAPP_ERROR_INTERNAL: a fault in the library.
 *
 *   These last two, and those of misuse in the first line, every other function that gives a code can give as well.
 */
