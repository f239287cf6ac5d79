/* Whether a pointer may be NULL. Clang checks it and Swift reads it; for other compilers it is a note to the reader. */
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#define OAUTHAPP_NONNULL _Nonnull
#define OAUTHAPP_NULLABLE _Nullable
#else
#define OAUTHAPP_NONNULL
#define OAUTHAPP_NULLABLE
#endif

/* The result of the function should not be thrown away. */
#if defined(__GNUC__) || defined(__clang__)
#define OAUTHAPP_MUST_USE __attribute__((warn_unused_result))
#else
#define OAUTHAPP_MUST_USE
#endif

/*
 * Enums have a fixed underlying type and may get new values in later versions, so a switch over one needs a default. C
 * before C23 has no such enums; there the type is an int32_t and the values are constants, with the same ABI.
 */
#if defined(__clang__)
#define OAUTHAPP_ENUM_BEGIN(name) __extension__ typedef enum __attribute__((enum_extensibility(open))) name : int32_t
#define OAUTHAPP_ENUM_END(name) name
#elif defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L)
#define OAUTHAPP_ENUM_BEGIN(name) typedef enum name : int32_t
#define OAUTHAPP_ENUM_END(name) name
#else
#define OAUTHAPP_ENUM_BEGIN(name) typedef int32_t name; enum
#define OAUTHAPP_ENUM_END(name)
#endif
