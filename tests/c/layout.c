/*
 * The ABI, in numbers: what programs were compiled with must stay true for as long as the soname stays the same. Fields
 * may be added at the end of a struct, which changes its size here and no offset; a value of an enum may be added.
 */
#include "oauthapp.h"

_Static_assert(sizeof(void *) == 8, "these are the layouts of 64-bit systems");
_Static_assert(sizeof(bool) == 1, "bool");

/* Enums are 32 bits wide and signed, whatever the compiler would choose. */
_Static_assert(sizeof(oauthapp_code) == 4 && (oauthapp_code)-1 < 0, "oauthapp_code");
_Static_assert(sizeof(oauthapp_tristate) == 4 && (oauthapp_tristate)-1 < 0, "oauthapp_tristate");
_Static_assert(sizeof(oauthapp_json_type) == 4 && (oauthapp_json_type)-1 < 0, "oauthapp_json_type");
_Static_assert(sizeof(oauthapp_log_level) == 4 && (oauthapp_log_level)-1 < 0, "oauthapp_log_level");
_Static_assert(sizeof(oauthapp_trust) == 4 && (oauthapp_trust)-1 < 0, "oauthapp_trust");
_Static_assert(sizeof(oauthapp_client_flag) == 4 && (oauthapp_client_flag)-1 < 0, "oauthapp_client_flag");

#define VALUE(name, number) _Static_assert((name) == (number), #name)

VALUE(OAUTHAPP_OK, 0);
VALUE(OAUTHAPP_ERROR_INVALID_ARGUMENT, 1000);
VALUE(OAUTHAPP_ERROR_INVALID_UTF8, 1001);
VALUE(OAUTHAPP_ERROR_INVALID_HANDLE, 1002);
VALUE(OAUTHAPP_ERROR_INVALID_STRUCT_SIZE, 1003);
VALUE(OAUTHAPP_ERROR_INVALID_BASE_URL, 1010);
VALUE(OAUTHAPP_ERROR_INSECURE_BASE_URL, 1011);
VALUE(OAUTHAPP_ERROR_INVALID_CERTIFICATE, 1012);
VALUE(OAUTHAPP_ERROR_INVALID_PROXY, 1013);
VALUE(OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE, 1015);
VALUE(OAUTHAPP_ERROR_INVALID_PIN, 1016);
VALUE(OAUTHAPP_ERROR_VERIFICATION_REQUIRED, 1017);
VALUE(OAUTHAPP_ERROR_NOT_SIGNED_IN, 1020);
VALUE(OAUTHAPP_ERROR_INVALID_TOKEN, 1021);
VALUE(OAUTHAPP_ERROR_JSON_SYNTAX, 1030);
VALUE(OAUTHAPP_ERROR_JSON_POINTER_SYNTAX, 1031);
VALUE(OAUTHAPP_ERROR_JSON_NOT_FOUND, 1032);
VALUE(OAUTHAPP_ERROR_JSON_NULL, 1033);
VALUE(OAUTHAPP_ERROR_JSON_TYPE, 1034);
VALUE(OAUTHAPP_ERROR_JSON_RANGE, 1035);
VALUE(OAUTHAPP_ERROR_DNS, 2000);
VALUE(OAUTHAPP_ERROR_CONNECT, 2001);
VALUE(OAUTHAPP_ERROR_TLS, 2010);
VALUE(OAUTHAPP_ERROR_CERTIFICATE_UNTRUSTED, 2011);
VALUE(OAUTHAPP_ERROR_CERTIFICATE_WRONG_HOST, 2012);
VALUE(OAUTHAPP_ERROR_CERTIFICATE_EXPIRED, 2013);
VALUE(OAUTHAPP_ERROR_CERTIFICATE_REVOKED, 2014);
VALUE(OAUTHAPP_ERROR_NOT_TLS, 2015);
VALUE(OAUTHAPP_ERROR_CERTIFICATE_NOT_PINNED, 2016);
VALUE(OAUTHAPP_ERROR_CLIENT_CERTIFICATE_REQUIRED, 2017);
VALUE(OAUTHAPP_ERROR_CLIENT_CERTIFICATE_REJECTED, 2018);
VALUE(OAUTHAPP_ERROR_TIMEOUT, 2020);
VALUE(OAUTHAPP_ERROR_CONNECTION_LOST, 2021);
VALUE(OAUTHAPP_ERROR_CANCELLED, 2022);
VALUE(OAUTHAPP_ERROR_PROXY, 2030);
VALUE(OAUTHAPP_ERROR_BAD_REQUEST, 3000);
VALUE(OAUTHAPP_ERROR_UNAUTHORIZED, 3001);
VALUE(OAUTHAPP_ERROR_TOKEN_EXPIRED, 3002);
VALUE(OAUTHAPP_ERROR_TOKEN_REJECTED, 3003);
VALUE(OAUTHAPP_ERROR_FORBIDDEN, 3004);
VALUE(OAUTHAPP_ERROR_NOT_FOUND, 3005);
VALUE(OAUTHAPP_ERROR_METHOD_NOT_ALLOWED, 3006);
VALUE(OAUTHAPP_ERROR_UNSUPPORTED_MEDIA_TYPE, 3007);
VALUE(OAUTHAPP_ERROR_REQUEST_TOO_LARGE, 3008);
VALUE(OAUTHAPP_ERROR_TOO_MANY_REQUESTS, 3009);
VALUE(OAUTHAPP_ERROR_REDIRECTED, 3010);
VALUE(OAUTHAPP_ERROR_SERVER_FAULT, 3020);
VALUE(OAUTHAPP_ERROR_SERVICE_UNAVAILABLE, 3021);
VALUE(OAUTHAPP_ERROR_UNEXPECTED_STATUS, 3090);
VALUE(OAUTHAPP_ERROR_NOT_HTTP, 4000);
VALUE(OAUTHAPP_ERROR_EMPTY_RESPONSE, 4001);
VALUE(OAUTHAPP_ERROR_TRUNCATED_RESPONSE, 4002);
VALUE(OAUTHAPP_ERROR_RESPONSE_TOO_LARGE, 4003);
VALUE(OAUTHAPP_ERROR_RESPONSE_NOT_UTF8, 4004);
VALUE(OAUTHAPP_ERROR_RESPONSE_NOT_JSON, 4005);
VALUE(OAUTHAPP_ERROR_UNEXPECTED_RESPONSE, 4006);
VALUE(OAUTHAPP_ERROR_SERVER, 5000);
VALUE(OAUTHAPP_ERROR_WRONG_PASSWORD, 5001);
VALUE(OAUTHAPP_ERROR_NO_SUCH_USER, 5002);
VALUE(OAUTHAPP_ERROR_ACCOUNT_EXISTS, 5003);
VALUE(OAUTHAPP_ERROR_NO_SUCH_APPLICATION, 5004);
VALUE(OAUTHAPP_ERROR_USER_GONE, 5005);
VALUE(OAUTHAPP_ERROR_QR_WAITING, 5010);
VALUE(OAUTHAPP_ERROR_QR_SCANNED, 5011);
VALUE(OAUTHAPP_ERROR_QR_EXPIRED, 5012);
VALUE(OAUTHAPP_ERROR_QR_NOT_CONFIGURED, 5013);
VALUE(OAUTHAPP_ERROR_INTERNAL, 9000);
VALUE(OAUTHAPP_ERROR_OUT_OF_MEMORY, 9001);

VALUE(OAUTHAPP_NOT_GIVEN, 0);
VALUE(OAUTHAPP_FALSE, 1);
VALUE(OAUTHAPP_TRUE, 2);

VALUE(OAUTHAPP_JSON_NULL, 0);
VALUE(OAUTHAPP_JSON_BOOLEAN, 1);
VALUE(OAUTHAPP_JSON_NUMBER, 2);
VALUE(OAUTHAPP_JSON_STRING, 3);
VALUE(OAUTHAPP_JSON_ARRAY, 4);
VALUE(OAUTHAPP_JSON_OBJECT, 5);

VALUE(OAUTHAPP_LOG_WARN, 2);
VALUE(OAUTHAPP_LOG_DEBUG, 4);

VALUE(OAUTHAPP_TRUST_MOZILLA, 0);
VALUE(OAUTHAPP_TRUST_PLATFORM, 1);
VALUE(OAUTHAPP_TRUST_ONLY_GIVEN, 2);

VALUE(OAUTHAPP_CLIENT_KEEP_SESSION, 1);
VALUE(OAUTHAPP_CLIENT_ALLOW_PLAIN_HTTP, 2);
VALUE(OAUTHAPP_CLIENT_DONT_SETTLE_SIGN_UPS, 4);
VALUE(OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT, 8);
VALUE(OAUTHAPP_CLIENT_DANGER_ACCEPT_ANY_CERTIFICATE_ON_LOOPBACK, 16);

#define SIZE(type, size) _Static_assert(sizeof(type) == (size), #type)
#define FIELD(type, name, offset) _Static_assert(offsetof(type, name) == (offset), #type "." #name)

SIZE(oauthapp_call_options, 24);
FIELD(oauthapp_call_options, struct_size, 0);
FIELD(oauthapp_call_options, timeout_ms, 8);
FIELD(oauthapp_call_options, connect_timeout_ms, 12);
FIELD(oauthapp_call_options, cancel_token, 16);

SIZE(oauthapp_client_config, 144);
FIELD(oauthapp_client_config, struct_size, 0);
FIELD(oauthapp_client_config, app_id, 8);
FIELD(oauthapp_client_config, base_url, 16);
FIELD(oauthapp_client_config, timeout_ms, 24);
FIELD(oauthapp_client_config, connect_timeout_ms, 28);
FIELD(oauthapp_client_config, max_response_bytes, 32);
FIELD(oauthapp_client_config, user_agent, 40);
FIELD(oauthapp_client_config, proxy, 48);
FIELD(oauthapp_client_config, trust, 56);
FIELD(oauthapp_client_config, trusted_roots_pem, 64);
FIELD(oauthapp_client_config, trusted_roots_file, 72);
FIELD(oauthapp_client_config, pins, 80);
FIELD(oauthapp_client_config, client_certificate_pem, 88);
FIELD(oauthapp_client_config, client_key_pem, 96);
FIELD(oauthapp_client_config, client_certificate_file, 104);
FIELD(oauthapp_client_config, client_key_file, 112);
FIELD(oauthapp_client_config, max_retries, 120);
FIELD(oauthapp_client_config, flags, 124);
FIELD(oauthapp_client_config, log_callback, 128);
FIELD(oauthapp_client_config, log_context, 136);

SIZE(oauthapp_sign_up_request, 72);
FIELD(oauthapp_sign_up_request, struct_size, 0);
FIELD(oauthapp_sign_up_request, nick_name, 8);
FIELD(oauthapp_sign_up_request, platform, 16);
FIELD(oauthapp_sign_up_request, pwd, 24);
FIELD(oauthapp_sign_up_request, user_name, 32);
FIELD(oauthapp_sign_up_request, email, 40);
FIELD(oauthapp_sign_up_request, phone, 48);
FIELD(oauthapp_sign_up_request, avatar, 56);
FIELD(oauthapp_sign_up_request, data, 64);

SIZE(oauthapp_union_id_sign_up_request, 88);
FIELD(oauthapp_union_id_sign_up_request, struct_size, 0);
FIELD(oauthapp_union_id_sign_up_request, platform, 8);
FIELD(oauthapp_union_id_sign_up_request, pwd, 16);
FIELD(oauthapp_union_id_sign_up_request, union_id, 24);
FIELD(oauthapp_union_id_sign_up_request, avatar, 32);
FIELD(oauthapp_union_id_sign_up_request, nick_name, 40);
FIELD(oauthapp_union_id_sign_up_request, email, 48);
FIELD(oauthapp_union_id_sign_up_request, phone, 56);
FIELD(oauthapp_union_id_sign_up_request, user_name, 64);
FIELD(oauthapp_union_id_sign_up_request, data, 72);
FIELD(oauthapp_union_id_sign_up_request, email_is_valid, 80);
FIELD(oauthapp_union_id_sign_up_request, phone_is_valid, 84);

SIZE(oauthapp_qr_code_sign_up_request, 80);
FIELD(oauthapp_qr_code_sign_up_request, struct_size, 0);
FIELD(oauthapp_qr_code_sign_up_request, sign_in_key, 8);
FIELD(oauthapp_qr_code_sign_up_request, union_id, 16);
FIELD(oauthapp_qr_code_sign_up_request, avatar, 24);
FIELD(oauthapp_qr_code_sign_up_request, platform, 32);
FIELD(oauthapp_qr_code_sign_up_request, nick_name, 40);
FIELD(oauthapp_qr_code_sign_up_request, user_name, 48);
FIELD(oauthapp_qr_code_sign_up_request, phone, 56);
FIELD(oauthapp_qr_code_sign_up_request, email, 64);
FIELD(oauthapp_qr_code_sign_up_request, phone_is_valid, 72);
FIELD(oauthapp_qr_code_sign_up_request, email_is_valid, 76);
