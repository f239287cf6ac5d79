/* Each of the ten calls by its name, for programs that make them all in the same way. */
#ifndef CALLS_H
#define CALLS_H

#include "check.h"

/* What the calls are made with. */
struct values {
    const char *user_name;
    const char *password;
    const char *union_id;
    const char *sign_in_key;
    const char *token;
};

typedef oauthapp_code one_call(oauthapp_client *client, const struct values *values,
                               const oauthapp_call_options *options, char **data, oauthapp_error **error);

static oauthapp_code sign_in(oauthapp_client *client, const struct values *values,
                             const oauthapp_call_options *options, char **data, oauthapp_error **error)
{
    return oauthapp_sign_in(client, values->user_name, values->password, options, data, error);
}

static oauthapp_code sign_up(oauthapp_client *client, const struct values *values,
                             const oauthapp_call_options *options, char **data, oauthapp_error **error)
{
    oauthapp_sign_up_request request = oauthapp_sign_up_request_init();
    request.user_name = values->user_name;
    request.pwd = values->password;
    return oauthapp_sign_up(client, &request, options, data, error);
}

static oauthapp_code union_id_sign_in(oauthapp_client *client, const struct values *values,
                                      const oauthapp_call_options *options, char **data, oauthapp_error **error)
{
    return oauthapp_union_id_sign_in(client, "web", values->union_id, options, data, error);
}

static oauthapp_code union_id_sign_up(oauthapp_client *client, const struct values *values,
                                      const oauthapp_call_options *options, char **data, oauthapp_error **error)
{
    oauthapp_union_id_sign_up_request request = oauthapp_union_id_sign_up_request_init();
    request.platform = "web";
    request.union_id = values->union_id;
    request.pwd = values->password;
    request.user_name = values->user_name;
    return oauthapp_union_id_sign_up(client, &request, options, data, error);
}

static oauthapp_code qr_code_pre_sign_in(oauthapp_client *client, const struct values *values,
                                         const oauthapp_call_options *options, char **data, oauthapp_error **error)
{
    (void)values;
    return oauthapp_qr_code_pre_sign_in(client, "openid", "remark", "app", options, data, error);
}

static oauthapp_code qr_code_sign_in(oauthapp_client *client, const struct values *values,
                                     const oauthapp_call_options *options, char **data, oauthapp_error **error)
{
    return oauthapp_qr_code_sign_in(client, values->sign_in_key, options, data, error);
}

static oauthapp_code qr_code_scan(oauthapp_client *client, const struct values *values,
                                  const oauthapp_call_options *options, char **data, oauthapp_error **error)
{
    return oauthapp_qr_code_scan(client, values->sign_in_key, options, data, error);
}

static oauthapp_code qr_code_sign_up(oauthapp_client *client, const struct values *values,
                                     const oauthapp_call_options *options, char **data, oauthapp_error **error)
{
    oauthapp_qr_code_sign_up_request request = oauthapp_qr_code_sign_up_request_init();
    request.sign_in_key = values->sign_in_key;
    request.union_id = values->union_id;
    request.platform = "wxminip";
    return oauthapp_qr_code_sign_up(client, &request, options, data, error);
}

static oauthapp_code get_profile(oauthapp_client *client, const struct values *values,
                                 const oauthapp_call_options *options, char **data, oauthapp_error **error)
{
    return oauthapp_get_profile(client, values->token, options, data, error);
}

static oauthapp_code update_profile(oauthapp_client *client, const struct values *values,
                                    const oauthapp_call_options *options, char **data, oauthapp_error **error)
{
    return oauthapp_update_profile(client, values->token, NULL, "own data", "nick", options, data, error);
}

static const struct {
    const char *name;
    one_call *make;
} CALLS[] = {
    {"sign_in", sign_in},
    {"sign_up", sign_up},
    {"union_id_sign_in", union_id_sign_in},
    {"union_id_sign_up", union_id_sign_up},
    {"qr_code_pre_sign_in", qr_code_pre_sign_in},
    {"qr_code_sign_in", qr_code_sign_in},
    {"qr_code_scan", qr_code_scan},
    {"qr_code_sign_up", qr_code_sign_up},
    {"get_profile", get_profile},
    {"update_profile", update_profile},
};

enum { CALL_COUNT = sizeof CALLS / sizeof CALLS[0] };

#endif
