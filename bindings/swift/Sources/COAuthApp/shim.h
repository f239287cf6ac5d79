/* The header itself comes with the library, whose place pkg-config tells. */
#include <oauthapp.h>
