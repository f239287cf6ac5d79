/* libcurl and cJSON as their manuals show them: one easy handle for each thread, used again for every call. */
#include "client.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct caller {
    CURL *handle;
    struct curl_slist *headers;
    /* The body of the answer, NUL-terminated. */
    char *answer;
    size_t length;
};

static char address[256];
static const char *authority;

void client_begin(const char *url, const char *ca_file)
{
    snprintf(address, sizeof address, "%s" PATH, url);
    authority = ca_file;
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* Takes a piece of the answer. */
static size_t keep(char *piece, size_t size, size_t count, void *to)
{
    struct caller *caller = to;
    size_t length = size * count;
    char *longer = realloc(caller->answer, caller->length + length + 1);
    if (longer == NULL) {
        return 0;
    }
    memcpy(longer + caller->length, piece, length);
    caller->answer = longer;
    caller->length += length;
    longer[caller->length] = '\0';
    return length;
}

void *caller_new(void)
{
    struct caller *caller = calloc(1, sizeof *caller);
    caller->handle = curl_easy_init();
    caller->headers = curl_slist_append(NULL, "Content-Type: application/json");
    caller->headers = curl_slist_append(caller->headers, "Accept: application/json");
    curl_easy_setopt(caller->handle, CURLOPT_URL, address);
    curl_easy_setopt(caller->handle, CURLOPT_HTTPHEADER, caller->headers);
    curl_easy_setopt(caller->handle, CURLOPT_CAINFO, authority);
    curl_easy_setopt(caller->handle, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(caller->handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(caller->handle, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(caller->handle, CURLOPT_WRITEDATA, caller);
    return caller;
}

static char *request(void)
{
    cJSON *fields = cJSON_CreateObject();
    cJSON_AddStringToObject(fields, "pwd", "123456");
    cJSON_AddStringToObject(fields, "userName", "wwww");
    char *text = cJSON_PrintUnformatted(fields);
    cJSON_Delete(fields);
    return text;
}

char *sign_in(void *caller_pointer)
{
    struct caller *caller = caller_pointer;
    char *body = request();
    long status = 0;
    curl_easy_setopt(caller->handle, CURLOPT_POSTFIELDS, body);
    CURLcode code = curl_easy_perform(caller->handle);
    free(body);
    if (code != CURLE_OK) {
        fail(curl_easy_strerror(code));
    }
    curl_easy_getinfo(caller->handle, CURLINFO_RESPONSE_CODE, &status);
    cJSON *envelope = cJSON_ParseWithLength(caller->answer, caller->length);
    const cJSON *envelope_code = cJSON_GetObjectItemCaseSensitive(envelope, "code");
    if (status != 200 || !cJSON_IsNumber(envelope_code) || envelope_code->valueint != 200) {
        fail("the sign-in failed");
    }
    char *data = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(envelope, "data"));
    cJSON_Delete(envelope);
    free(caller->answer);
    caller->answer = NULL;
    caller->length = 0;
    return data;
}

void discard(char *data)
{
    free(data);
}

void caller_free(void *caller_pointer)
{
    struct caller *caller = caller_pointer;
    curl_easy_cleanup(caller->handle);
    curl_slist_free_all(caller->headers);
    free(caller);
}

void client_end(void)
{
    curl_global_cleanup();
}
